import { useState } from "preact/hooks";

/** What is opened when it is wanted, and built only then. */
export function Fold({
  summary,
  children,
  open: first = false,
  opened = () => {},
}: {
  summary: string;
  children: preact.ComponentChildren;
  open?: boolean;
  opened?: (open: boolean) => void;
}) {
  const [open, setOpen] = useState(first);
  const toggle = (event: Event) => {
    const now = (event.target as HTMLDetailsElement).open;
    setOpen(now);
    opened(now);
  };
  return (
    <details class="fold" open={open} onToggle={toggle}>
      <summary>{summary}</summary>
      {open ? children : null}
    </details>
  );
}
