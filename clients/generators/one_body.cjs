// hey-api and orval write one function for each operation, and one type of body for each function. Of those that the
// document offers, these keep the form where it takes a picture, and JSON beside JSON Lines.
const UNUSED = {
  "/api/v1/recommend": "application/json",
  "/api/v1/image-search": "application/json",
  "/api/v1/catalogue/products": "application/x-ndjson",
  "/api/v1/catalogue/products/delete": "application/x-ndjson",
  "/api/v1/catalogue/offers": "application/x-ndjson",
};

exports.oneBody = (document) => {
  for (const [path, type] of Object.entries(UNUSED)) delete document.paths[path].post.requestBody.content[type];
  return document;
};
