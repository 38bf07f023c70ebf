// Draws each chart from its table, so that both show the same numbers, and again when the theme changes.
const canvases = [...document.querySelectorAll("canvas[data-chart]")];
const drawn = new Map();

function colour(name) {
  // A custom property holds the text "light-dark(…)"; only the computed colour of an element is resolved.
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

// Templates put the text of a cell on a line of its own.
const textOf = (cell) => cell.textContent.trim();

function read(canvas) {
  const table = document.getElementById(canvas.dataset.table);
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const series = canvas.dataset.drawn.split(" ").map((key) => {
    const at = heads.findIndex((head) => head.dataset.key === key);
    return {
      label: textOf(heads[at]),
      data: rows.map((row) => (row.cells[at].dataset.value === "" ? null : Number(row.cells[at].dataset.value))),
    };
  });
  return { labels: rows.map((row) => textOf(row.cells[0])), series };
}

function draw(canvas) {
  const { labels, series } = read(canvas);
  const names = [["ink"], ["edge", "ink"], ["words", "ink", "picture"]][series.length - 1];
  const hues = names.map(colour);
  const isLine = canvas.dataset.chart === "line";
  const [muted, hairline] = [colour("muted"), colour("hairline")];
  drawn.get(canvas)?.destroy();
  drawn.set(canvas, new Chart(canvas, {
    type: canvas.dataset.chart,
    data: {
      labels,
      datasets: series.map((one, n) => ({
        ...one,
        borderColor: hues[n],
        backgroundColor: hues[n],
        borderWidth: isLine ? 1.5 : 0,
        pointRadius: labels.length > 1 ? 0 : 3,
        pointHitRadius: 12,
        maxBarThickness: 14,
        tension: 0,
      })),
    },
    options: {
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: "index", intersect: false },
      plugins: {
        legend: { display: series.length > 1, align: "start", labels: { color: muted, boxWidth: 12, boxHeight: 2 } },
      },
      scales: {
        x: {
          ticks: { color: muted, maxRotation: 0, autoSkipPadding: 16 },
          grid: { display: false },
          border: { color: hairline },
        },
        y: {
          beginAtZero: true,
          ticks: { color: muted, maxTicksLimit: 5 },
          grid: { color: hairline },
          border: { display: false },
        },
      },
    },
  }));
}

const drawAll = () => canvases.forEach(draw);
drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
