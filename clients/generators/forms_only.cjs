// hey-api and orval write one function for each operation, and send JSON where a body may be JSON or a form. These two
// are to send the form, which takes a picture.
const WITH_PICTURE = ["/api/v1/recommend", "/api/v1/image-search"];

exports.formsOnly = (document) => {
  for (const path of WITH_PICTURE) delete document.paths[path].post.requestBody.content["application/json"];
  return document;
};
