// The counts in the navigation are asked for again every minute, while somebody looks.

const EVERY = 60_000;
const counts = document.getElementById("counts");

function refresh() {
  if (document.visibilityState === "visible") counts.dispatchEvent(new Event("refresh"));
}

if (counts) setInterval(refresh, EVERY);
