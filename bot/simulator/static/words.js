// The phone's own words, in the language of the browser (or ?lang=…), English where one is missing.

const SAME = { zh: "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", fil: "tl", pt: "pt-BR" };

export async function loadWords() {
  const { words, tags } = document.body.dataset;
  const english = await (await fetch(words)).json();
  const tag = chosen(tags.split(" "));
  if (!tag || tag === "en") return english;
  document.documentElement.lang = tag;
  const own = await (await fetch(words.replace(".en.", `.${tag}.`))).json();
  return over(english, own);
}

function chosen(tags) {
  const asked = new URLSearchParams(location.search).get("lang");
  for (const wanted of [asked, ...navigator.languages]) {
    if (!wanted) continue;
    const low = wanted.toLowerCase();
    for (const name of [low, SAME[low], low.split("-")[0], SAME[low.split("-")[0]]]) {
      const found = tags.find((tag) => tag.toLowerCase() === name?.toLowerCase());
      if (found) return found;
    }
  }
  return "en";
}

function over(base, own) {
  if (typeof own !== "object" || own === null || Array.isArray(own)) return own ?? base;
  const whole = { ...base };
  for (const [name, value] of Object.entries(own)) whole[name] = over(base[name], value);
  return whole;
}
