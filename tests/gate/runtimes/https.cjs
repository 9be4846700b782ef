const [url, auth, body] = process.argv.slice(2);
const library = require(url.startsWith("https") ? "node:https" : "node:http");
const options = { method: "POST", headers: { Authorization: auth, "Content-Type": "application/json" } };
library.request(url, options, (answer) => { answer.resume(); console.log(answer.statusCode); }).end(body);
