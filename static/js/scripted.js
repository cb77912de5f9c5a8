// Runs before the page is painted: what only works with scripts is shown from the start.
document.documentElement.dataset.scripted = "";
