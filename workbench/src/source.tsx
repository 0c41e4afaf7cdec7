import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { version } from "./case";
import { Claim } from "./claim";
import { type Around, type Drafted, inWholeWords, NewClaim, wordsAround } from "./claiming";
import { paragraphs, unitsOf } from "./logic";
import type { ClaimAt, Quote, SourceText } from "./model";
import { Problems, Tag, useTold, words } from "./parts";
import { link, route } from "./route";
import { get, post, Refusal } from "./server";
import { t } from "./words";

const LINES = 400; // lines that are put on the page at once; more as one scrolls

/** The text of a source with its claims as marks, and the one that is open beside it. */
export function Source({ name }: { name: string }) {
  const { told, problems } = useTold(() => get<SourceText>(`/source/${encodeURIComponent(name)}`), [name, version()]);
  const [open, setOpen] = useState<string | null>(route.value[2] ?? null);
  const [draft, setDraft] = useState<Drafted | null>(null);
  useEffect(() => {
    if (route.value[1] === name && route.value[2]) setOpen(route.value[2]); // a link to another claim of the source
  }, [route.value]);
  const text = useRef<HTMLDivElement>(null);
  const [n, setN] = useState(LINES);
  const foot = useRef<HTMLDivElement>(null);
  const cut = useMemo(() => {
    if (!told?.text) return [];
    const stands = told.claims.filter((each) => each.start !== null && each.end !== null);
    const all = [...stands.map((each) => ({ name: each.name, start: each.start ?? 0, end: each.end ?? 0 })), ...told.proposed];
    const at = unitsOf(
      told.text,
      all.flatMap((each) => [each.start, each.end]),
    );
    const marks = all.map((each, k) => ({ name: each.name, start: at[2 * k] ?? 0, end: at[2 * k + 1] ?? 0 }));
    return paragraphs(told.text, marks);
  }, [told]);
  useEffect(() => {
    if (!foot.current) return;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((each) => each.isIntersecting)) setN((now) => now + LINES);
      },
      { rootMargin: "1500px" },
    );
    watch.observe(foot.current);
    return () => watch.disconnect();
  }, [told]);
  const line = cut.findIndex((each) => each.some((piece) => open !== null && piece.claims.includes(open)));
  const brought = useRef<string | null>(null); // the claim whose mark was brought into sight: an edit brings nobody back to it
  useEffect(() => {
    if (line < 0 || brought.current === open) return;
    if (line >= n) {
      setN(line + LINES);
      return;
    }
    brought.current = open;
    const [mark, holder] = [document.getElementById(`mark-${open}`), text.current?.getBoundingClientRect()];
    const at = mark?.getBoundingClientRect();
    if (at && holder && (at.top < holder.top || at.bottom > holder.bottom)) mark?.scrollIntoView({ block: "center" });
  }, [open, line, n]);
  if (!told) return <Problems problems={problems} />;
  const claims = Object.fromEntries(told.claims.map((each) => [each.name, each]));
  const chosen = open ? claims[open] : undefined;
  const selected = async () => {
    const range = getSelection();
    if (range?.rangeCount && !range.isCollapsed && text.current?.contains(range.anchorNode)) inWholeWords(range.getRangeAt(0));
    const quote = range?.toString().trim().replace(/\s+/g, " ") ?? "";
    if (!quote || !range?.anchorNode || !text.current?.contains(range.anchorNode)) return;
    const ask = async (around: Around): Promise<Quote> => {
      try {
        return await post<Quote>("/quote", { source: name, quote, ...around });
      } catch (error) {
        if (error instanceof Refusal) return { ok: false, problems: error.problems, read: {}, words: 0 };
        throw error;
      }
    };
    const near = wordsAround(range.getRangeAt(0));
    const alone = await ask({});
    let drafted: Drafted = { source: name, quote, told: alone, around: {} };
    for (const around of alone.ok ? [] : near) {
      const told = await ask(around);
      if (told.ok) {
        drafted = { source: name, quote, told, around };
        break;
      }
    }
    setDraft(drafted);
  };
  return (
    <div class={told.text === null ? "reading without" : "reading"}>
      <div>
        {told.text === null ? (
          <p class="note">{t("not_at_hand")}</p>
        ) : (
          <div
            class="source"
            ref={text}
            role="document"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the text scrolls and is selected by the keyboard
            tabIndex={0}
            aria-label={name}
            onMouseUp={() => void selected()}
            onKeyUp={(event) => {
              if (event.shiftKey || event.key === "Enter") void selected();
            }}
          >
            {cut.slice(0, n).map((line, k) => (
              <p key={k} dir="auto">
                {line.map((piece, m) =>
                  piece.claims.length ? (
                    <Mark
                      key={`${k}.${m}`}
                      claims={piece.claims.map((each) => claims[each]).filter((each): each is ClaimAt => each !== undefined)}
                      proposed={piece.claims.find((each) => !(each in claims))}
                      text={piece.text}
                      open={open}
                      choose={setOpen}
                    />
                  ) : (
                    piece.text
                  ),
                )}
                {line.length ? null : "\u00a0"}
              </p>
            ))}
            {n < cut.length ? (
              <div ref={foot} class="quiet">
                …
              </div>
            ) : null}
          </div>
        )}
      </div>
      <aside aria-live="polite" class="beside">
        {draft ? (
          <NewClaim
            draft={draft}
            close={(made) => {
              setDraft(null);
              if (made) setOpen(made);
            }}
          />
        ) : null}
        {chosen ? <Claim claim={chosen} /> : !draft && told.text !== null ? <p class="quiet">{t("read_hint")}</p> : null}
        <details open={told.text === null}>
          <summary>{t("all_claims", { n: told.claims.length })}</summary>
          <ul class="claims">
            {told.claims.map((each) => (
              <li key={each.name}>
                <button type="button" class="plain" aria-pressed={open === each.name} onClick={() => setOpen(each.name)}>
                  <code>{each.name}</code> {words(each.claim.gloss)}
                </button>
                {each.hedged ? <Tag kind="reported">{t("hedged")}</Tag> : null}
              </li>
            ))}
          </ul>
        </details>
      </aside>
    </div>
  );
}

function Mark({
  claims,
  proposed,
  text,
  open,
  choose,
}: {
  claims: ClaimAt[];
  proposed?: string;
  text: string;
  open: string | null;
  choose: (name: string) => void;
}) {
  const first = claims[0];
  if (!first)
    return proposed ? (
      <a
        class="mark proposed"
        href={link("read")}
        title={proposed}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById(`proposal-${proposed}`)?.focus();
        }}
      >
        {text}
      </a>
    ) : (
      <span>{text}</span>
    );
  const look = `${first.hedged ? "hedged" : "firm"} ${first.said_by_author ? "" : "other"} ${claims.some((each) => each.name === open) ? "open" : ""}`;
  return (
    <a
      class={`mark ${look}`}
      id={`mark-${first.name}`}
      href={link("read", words(first.claim.source), first.name)}
      title={`${first.name}: ${words(first.claim.gloss)}`}
      draggable={false}
      onClick={() => choose(first.name)}
    >
      {text}
    </a>
  );
}
