// Small pieces that every page uses.
import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ApiError } from "../api";
import { ago, iso } from "../format";
import { download, type Table } from "../csv";

export function When({ at }: { at: number }) {
  return <time dateTime={iso(at)} title={iso(at)}>{ago(at)}</time>;
}

export function CopyButton({ text }: { text: string }) {
  const copied = useSignal(false);
  const copy = () => void navigator.clipboard.writeText(text).then(() => (copied.value = true));
  return navigator.clipboard ? <button type="button" class="quiet" onClick={copy}>{copied.value ? "copied" : "copy"}</button> : null;
}

export function Command({ text }: { text: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <CopyButton text={text} />
    </div>
  );
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function LoginHelp({ title }: { title: string }) {
  return (
    <Empty title={title}>
      <p>A link works once, within a day. Print a fresh one and open it here:</p>
      <Command text="plasactl dashboard" />
    </Empty>
  );
}

export function Failure({ error }: { error: ApiError }) {
  if (error.status === 401) return <LoginHelp title="This browser is not logged in" />;
  return (
    <div class="failure" role="alert">
      <strong>{error.message}</strong> {error.hint}
    </div>
  );
}

// What stands in a page until its data is there: the data's error, or that it is loading.
export function Pending({ error }: { error: ApiError | null }) {
  return error ? <Failure error={error} /> : <p class="muted loading">Loading …</p>;
}

export function CsvButton({ name, table }: { name: string; table: () => Table }) {
  return <button type="button" class="quiet" onClick={() => download(name, table())}>CSV</button>;
}

// A wide table that scrolls in its own frame, reachable by keyboard.
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return <div class="scroll" role="region" aria-label={label} tabIndex={0}>{children}</div>;
}

export function Section({ title, tools, children }: { title: string; tools?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section aria-label={title}>
      <header class="section-head">
        <h2>{title}</h2>
        {tools && <div class="tools">{tools}</div>}
      </header>
      {children}
    </section>
  );
}

interface Choices { label: string; value: string; options: (string | [value: string, text: string])[]; onPick: (value: string) => void }

export function Pick({ label, value, options, onPick }: Choices) {
  return (
    <label class="pick">
      <span>{label}</span>
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map((option) => {
          const [key, text] = typeof option === "string" ? [option, option] : option;
          return <option key={key} value={key} selected={key === value}>{text}</option>;
        })}
      </select>
    </label>
  );
}

interface SearchBox { label: string; value: string; hint?: string; onInput: (text: string) => void }

export function Search({ label, value, hint = "Filter  /", onInput }: SearchBox) {
  return (
    <input type="search" value={value} placeholder={hint} aria-label={label} spellcheck={false}
      onInput={(event) => onInput(event.currentTarget.value)} />
  );
}

export function Dialog({ open, title, onClose, children }: { open: boolean; title: string; onClose: () => void; children: ComponentChildren }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && !ref.current?.open) ref.current?.showModal();
    if (!open) ref.current?.close();
  }, [open]);
  return (
    <dialog ref={ref} aria-label={title} onClose={onClose} onClick={(event) => event.target === ref.current && onClose()}>
      <div class="dialog-body">
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
