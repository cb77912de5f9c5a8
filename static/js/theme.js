// Runs before the page is painted, so that a chosen theme never flashes.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be closed to us; the system's theme stands */ }
document.documentElement.dataset.scripted = "";
