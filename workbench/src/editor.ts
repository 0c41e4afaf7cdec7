import { autocompletion, completionKeymap, type CompletionContext, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { forceLinting, linter, lintGutter, setDiagnostics } from "@codemirror/lint";
import { ChangeSet, EditorState, Prec, Transaction } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completions, type Hunk, hunks, valueAt } from "./logic";
import type { Condition, Plain, Problem, Sheet } from "./model";

const nonce = () => document.querySelector<HTMLMetaElement>("meta[name=nonce]")?.content ?? "";
const look = EditorView.theme({
  "&": { fontSize: "0.86rem", backgroundColor: "var(--field)", color: "var(--ink)", border: "1px solid var(--rule)", borderRadius: "4px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "0" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)", padding: "4px 2px" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--quiet)", border: "0" },
  ".cm-tooltip": { backgroundColor: "var(--page)", color: "var(--ink)", border: "1px solid var(--rule)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--page)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--chosen)" },
});
const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: "var(--accent)" },
    { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
    { tag: [tags.string, tags.content], color: "var(--ink)" },
  ]),
);
const base = (label: string) => [
  EditorView.cspNonce.of(nonce()),
  look,
  colours,
  history(),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
];

/** Names that a condition may hold, and the settings of each lever. */
function namesOf(sheet: Sheet | null): { names: string[]; settings: Record<string, string[]> } {
  const levers = (valueAt(sheet?.file ?? undefined, ["levers"]) ?? {}) as Record<string, Record<string, Plain>>;
  const terms = (valueAt(sheet?.file ?? undefined, ["terms"]) ?? {}) as Record<string, Plain>;
  const settings = Object.fromEntries(
    Object.entries(levers).map(([name, lever]) => [name, ((lever?.settings as Plain[]) ?? ["no", "yes"]).map(String)]),
  );
  return { names: [...Object.keys(terms), ...Object.keys(levers)], settings };
}

interface Hooks {
  label: string;
  sheet: () => Sheet | null;
  called: (name: string) => string;
  check: (text: string) => Promise<Condition>;
  changed: (text: string, found: Condition | null) => void;
  leave: (text: string, found: Condition | null) => void;
  back: () => void;
}

/** A one-line editor for a condition: completion, and what is wrong under the very word. Gives back how it is closed, and how another text is put in. */
export function conditionEditor(holder: HTMLElement, text: string, hooks: Hooks) {
  let found: Condition | null = null;
  let over = false;
  let asked = 0;
  const complete = (context: CompletionContext) => {
    const { names, settings } = namesOf(hooks.sheet());
    const before = context.state.sliceDoc(0, context.pos);
    const { from, options } = completions(before, names, settings, hooks.called);
    if (!context.explicit && from === context.pos && !/[=<>]\s*$/.test(before)) return null;
    const shown = options.map((name) => {
      const said = hooks.called(name);
      return { label: name, detail: said, type: name in settings ? "variable" : "keyword" };
    });
    return { from, options: shown, filter: false }; // found by their words too, which the editor does not know
  };
  const check = async (view: EditorView) => {
    const mine = ++asked;
    const now = view.state.doc.toString();
    const told = await hooks.check(now).catch(() => null);
    if (mine !== asked || !told || over) return;
    found = told;
    view.dispatch(
      setDiagnostics(
        view.state,
        told.mistakes.map((each) => ({
          from: Math.min(each.first, now.length),
          to: Math.min(Math.max(each.last, each.first + 1), now.length),
          severity: "error" as const,
          message: each.what,
        })),
      ),
    );
    hooks.changed(now, told.ok ? told : null);
  };
  const leave = () => {
    if (over) return; // an editor that goes still tells that it was left
    void Promise.resolve(found ?? hooks.check(view.state.doc.toString()).catch(() => null)).then((told) =>
      hooks.leave(view.state.doc.toString(), told),
    );
  };
  const view = new EditorView({
    parent: holder,
    state: EditorState.create({
      doc: text,
      extensions: [
        ...base(hooks.label),
        placeholder("a.stops and not b.pays"),
        autocompletion({ override: [complete], icons: false }),
        Prec.high(keymap.of(completionKeymap)),
        keymap.of([
          {
            key: "Enter",
            run: () => {
              leave();
              return true;
            },
          },
          {
            key: "Escape",
            run: () => {
              over = true;
              hooks.back();
              return true;
            },
          },
          { key: "Ctrl-Space", run: startCompletion },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          found = null;
          hooks.changed(update.state.doc.toString(), null);
          void check(update.view);
        }),
        EditorView.domEventHandlers({
          blur: (_, now) => {
            if (!now.dom.querySelector(".cm-tooltip")) leave();
          },
        }),
      ],
    }),
  });
  view.focus();
  view.dispatch({ selection: { anchor: text.length } });
  return {
    close: () => view.destroy(),
    put: (now: string) => {
      if (now !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: now } });
    },
  };
}

/** The text of the case: what is wrong stands under its line; saved when it reads. What others change elsewhere in it is taken in as one types. */
export function textEditor(
  holder: HTMLElement,
  text: string,
  label: string,
  hooks: { look: (text: string) => Promise<Problem[]>; changed: (text: string) => void; save: () => void },
) {
  let typed = ChangeSet.empty(text.length); // since the text was last in step with the case
  const view = new EditorView({
    parent: holder,
    state: EditorState.create({
      doc: text,
      extensions: [
        ...base(label),
        EditorState.lineSeparator.of("\n"),
        lineNumbers(),
        lintGutter(),
        yaml(),
        keymap.of([
          {
            key: "Mod-s",
            run: () => {
              hooks.save();
              return true;
            },
          },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || update.transactions.some((each) => each.annotation(Transaction.remote))) return;
          typed = typed.compose(update.changes);
          hooks.changed(update.state.doc.toString());
        }),
        linter(
          async (now) =>
            (await hooks.look(now.state.doc.toString())).map((each) => {
              const line = now.state.doc.line(Math.min(Math.max(each.line ?? 1, 1), now.state.doc.lines));
              const from = Math.min(line.from + Math.max((each.column ?? 1) - 1, 0), line.to);
              const word = /^[\w.]+/.exec(now.state.sliceDoc(from, line.to))?.[0].length ?? 0;
              return {
                from,
                to: word ? from + word : line.to,
                severity: "error" as const,
                message: `${each.what}${each.hint ? `\n${each.hint}` : ""}`,
              };
            }),
          { delay: 350 },
        ),
      ],
    }),
  });
  view.scrollDOM.tabIndex = 0; // what scrolls is reached by the keyboard
  return {
    close: () => view.destroy(),
    text: () => view.state.doc.toString(),
    /** The text that the case has now; what differs from it here was typed since. */
    based: (now: string) => {
      typed = ChangeSet.of(hunks(now, view.state.doc.toString()), now.length);
    },
    /** Takes in what others changed in the text that this was based on; false where it was typed in the same lines. */
    take: (theirs: Hunk[]): boolean => {
      if (theirs.some((each) => typed.touchesRange(each.from, each.to))) return false;
      const changes = ChangeSet.of(theirs, typed.length);
      view.dispatch({ changes: changes.map(typed), annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)] });
      typed = typed.map(changes, true);
      forceLinting(view);
      return true;
    },
    /** Puts another text in its place; that can be taken back like what is typed. */
    put: (now: string) => {
      view.dispatch({ changes: hunks(view.state.doc.toString(), now), annotations: Transaction.remote.of(true) });
      typed = ChangeSet.empty(now.length);
      forceLinting(view);
    },
    goto: (line: number) => {
      const found = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      view.dispatch({ selection: { anchor: found.from }, effects: EditorView.scrollIntoView(found.from, { y: "center" }) });
      view.focus();
    },
  };
}
