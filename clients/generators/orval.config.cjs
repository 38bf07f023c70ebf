const { oneBody } = require("./one_body.cjs");

module.exports = {
  tandem: {
    input: { target: "../openapi.json", override: { transformer: oneBody } },
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
