const [url, auth, body]: string[] = process.argv.slice(2);
async function main(): Promise<void> {
  const headers: Record<string, string> = { Authorization: auth, "Content-Type": "application/json" };
  const answer: Response = await fetch(url, { method: "POST", headers, body });
  console.log(answer.status);
}
main();
