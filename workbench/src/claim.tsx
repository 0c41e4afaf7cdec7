import { file, keys } from "./case";
import { freeFrom, partyIn, screenOf, valueAt } from "./logic";
import type { ClaimAt, Entry } from "./model";
import { Tag, words } from "./parts";
import { speaker } from "./proposals";
import { go, link } from "./route";
import { edit, sheet } from "./server";
import { t } from "./words";

/** A claim: how surely who says it, against what, and what leans on it. */
export function Claim({ claim }: { claim: ClaimAt }) {
  const said = claim.claim;
  const chain = [
    [t("author"), words(said.author_holds) || "certain"],
    ...(Array.isArray(said.chain) ? said.chain : []).map((each) => [words((each as Entry).who), words((each as Entry).holds) || "certain"]),
    ...(claim.said_by_author ? [] : [[speaker(words(said.says)), words(said.source_holds) || "certain"]]),
  ];
  return (
    <article class="claim" id="claim" aria-label={claim.name}>
      <h3>
        <code>{claim.name}</code> {words(said.gloss)}
      </h3>
      {said.quote ? <blockquote dir="auto">“{words(said.quote)}”</blockquote> : null}
      <p>
        <Tag kind={claim.status}>{t(`quote_${claim.status}`)}</Tag>
        {said.hedge ? (
          <span class="quiet">
            {" "}
            {t("hedged_by")} <em>{words(said.hedge)}</em>
          </span>
        ) : null}
        {said.condition ? (
          <span class="quiet">
            {" "}
            · {t("on_condition")} <em>{words(said.condition)}</em>
          </span>
        ) : null}
      </p>
      <ol class="chain" aria-label={t("chain")}>
        {chain.map(([who, holds]) => (
          <li key={who}>
            {who} <Tag kind={holds === "certain" ? "stated" : "reported"}>{t(`choice_${holds}`)}</Tag>
          </li>
        ))}
      </ol>
      {said.via && said.via !== said.says ? <p class="quiet">{speaker(words(said.via))}</p> : null}
      <Against name={claim.name} said={said} />
      <h4>{t("leans_on_it", { n: claim.lines.length })}</h4>
      <ul>
        {claim.lines.map((at) => (
          <li key={at}>
            <a href={screenOf(at, sheet.value?.file ?? null)}>
              <code>{at}</code>
            </a>{" "}
            {about(at)}
          </li>
        ))}
      </ul>
      <p class="links">
        <a href={link("build", "claims", claim.name)}>{t("edit_claim")}</a>{" "}
        <button type="button" class="small" onClick={() => void makeOf(claim, "levers")}>
          {t("lever_of_claim")}
        </button>{" "}
        <button type="button" class="small" onClick={() => void makeOf(claim, "wants")}>
          {t("want_of_claim")}
        </button>
      </p>
    </article>
  );
}
/** A lever or a want that rests on a claim, of the party that it speaks of; its form opens, or asks first what is wanted. */
async function makeOf(claim: ClaimAt, what: "levers" | "wants"): Promise<void> {
  const gloss = words(claim.claim.gloss);
  const party = partyIn([gloss, words(claim.claim.quote), words(claim.claim.says)], (file().parties ?? {}) as Record<string, Entry>);
  if (!party) {
    go("build", "parties");
    return;
  }
  if (what === "wants") {
    go("build", "wants", party, "of", claim.name);
    return;
  }
  const name = freeFrom(gloss, keys("levers"), "lever", `${party}.`);
  if (!(await edit([{ op: "set", at: ["levers", name], value: { is: gloss, now: "no", because: [claim.name] } }])).length)
    go("build", "levers", name);
}

/** Claims that cannot both be so, shown against each other. */
function Against({ name, said }: { name: string; said: Entry }) {
  const all = (sheet.value?.file?.claims ?? {}) as Record<string, Entry>;
  const named = (value: Entry[string] | undefined) => (Array.isArray(value) ? value.map(words) : value ? [words(value)] : []);
  const against = [...new Set([...named(said.denies), ...Object.keys(all).filter((each) => named(all[each]?.denies).includes(name))])];
  if (!against.length) return null;
  return (
    <>
      <h4>{t("denies")}</h4>
      <ul>
        {against.map((each) => (
          <li key={each}>
            <a href={link("read", words(all[each]?.source), each)}>
              <code>{each}</code>
            </a>{" "}
            {words(all[each]?.gloss)}
            {all[each]?.quote ? (
              <blockquote dir="auto">
                “{words(all[each]?.quote)}” – {words(all[each]?.says) || t("author")}
              </blockquote>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}
function about(at: string): string {
  const file = sheet.value?.file ?? null;
  const value = valueAt(
    file ?? undefined,
    screenOf(at, file)
      .replace("#/build/", "")
      .split("/")
      .map(decodeURIComponent)
      .map((each) => (/^\d+$/.test(each) ? Number(each) : each)),
  );
  const entry = (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}) as Entry;
  return words(entry.is ?? entry.that ?? entry.claim ?? entry.name ?? "");
}
