const axios = require("axios");
const [url, auth, body] = process.argv.slice(2);
axios.post(url, JSON.parse(body), { headers: { Authorization: auth } }).then((answer) => console.log(answer.status));
