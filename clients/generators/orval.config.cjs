const { formsOnly } = require("./forms_only.cjs");

module.exports = {
  tandem: {
    input: { target: "../openapi.json", override: { transformer: formsOnly } },
    output: {
      target: "generated/orval/client.ts",
      client: "fetch",
      clean: true,
      override: {
        // Where requests go and who asks is this project's own function.
        mutator: { path: "scenarios/orval_fetch.ts", name: "send" },
        fetch: { includeHttpResponseReturnType: false },
      },
    },
  },
};
