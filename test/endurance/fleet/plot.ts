import { binned, evenPerSecond, type Fleet, peakPerSecond, renewalsOf } from "./fleet.ts";
import { BIN_MS } from "./thousand.ts";

const WIDTH = 860;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 20;
const TOP = 56;
const BOTTOM = 52;
const LEGEND = 560;

const MINUTE_MS = 60_000;
const MINUTES = 330;
const MINUTES_STEP = 30;
const TOP_RATE = 10;
const RATE_STEP = 2;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .peak { font-weight: 600; }
  .axis { stroke: #59636e; stroke-width: 1; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .rate { fill: #0969da; fill-opacity: 0.25; stroke: #0969da; stroke-width: 1.2; }
  .even { stroke: #1a7f37; stroke-width: 1.5; stroke-dasharray: 6 4; }
  .bound { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 6 4; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .axis { stroke: #9198a1; }
    .grid { stroke: #3d444d; }
    .rate { fill: #4493f8; stroke: #4493f8; }
    .even { stroke: #3fb950; }
    .bound { stroke: #f85149; }
  }
`;

/** A picture of how a fleet's renewals meet the authority, as SVG for light and dark pages. */
export function plotOf(fleet: Fleet): string {
  const even = evenPerSecond(fleet);
  const lifetimes = renewalsOf(fleet);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title">`,
    `<title id="title">Token renewals per second of ${fleet.processes} processes started in the same second, over ${fleet.renewals} lifetimes</title>`,
    `<style>${STYLE}</style>`,
    text(
      LEFT,
      22,
      `Renewals of ${thousands(fleet.processes)} processes started in the same second`,
      {
        className: "title",
      },
    ),
    text(LEFT, 42, "tokens of an hour; renewals per second, counted over 10 s"),
    ...rateAxis(),
    ...timeAxis(),
    ...lifetimes.map(hump),
    limit("bound", 3 * even),
    limit("even", even),
    ...legend("bound", 0, "three times as much"),
    ...legend("even", 1, `spread evenly over the jitter: ${even.toFixed(1)} per s`),
    ...lifetimes.map((renewals) => peakLabel(renewals, even)),
    "</svg>",
    "",
  ].join("\n");
}

function rateAxis(): readonly string[] {
  const rates = stepsTo(TOP_RATE, RATE_STEP);
  return [
    ...rates.map((rate) => line(rate === 0 ? "axis" : "grid", [0, rate], [MINUTES, rate])),
    ...rates.map((rate) => text(LEFT - 10, y(rate) + 4, String(rate), { anchor: "end" })),
    `<text transform="translate(18 ${y(TOP_RATE / 2)}) rotate(-90)" text-anchor="middle">renewals per second</text>`,
  ];
}

function timeAxis(): readonly string[] {
  return [
    line("axis", [0, 0], [0, TOP_RATE]),
    ...stepsTo(MINUTES, MINUTES_STEP).map((minute) =>
      text(x(minute), y(0) + 20, String(minute), { anchor: "middle" }),
    ),
    text(x(MINUTES / 2), HEIGHT - 10, "minutes since the start", { anchor: "middle" }),
  ];
}

function hump(renewals: readonly number[]): string {
  const counts = binned(renewals, BIN_MS);
  const first = counts.findIndex((count) => count > 0);
  const points = counts.slice(first).flatMap((count, index) => {
    const rate = y((count * 1_000) / BIN_MS).toFixed(1);
    const from = x(((first + index) * BIN_MS) / MINUTE_MS).toFixed(1);
    const to = x(((first + index + 1) * BIN_MS) / MINUTE_MS).toFixed(1);
    return [`L${from} ${rate}`, `H${to}`];
  });
  const startX = x((first * BIN_MS) / MINUTE_MS).toFixed(1);
  return `<path class="rate" d="M${startX} ${y(0)} ${points.join(" ")} V${y(0)} Z"/>`;
}

function limit(className: string, rate: number): string {
  return line(className, [0, rate], [MINUTES, rate]);
}

// In the free corner: beside its line a label would lie across the humps.
function legend(className: string, row: number, words: string): readonly string[] {
  const atY = 22 + row * 20;
  const ends = `x1="${LEGEND}" y1="${atY - 4}" x2="${LEGEND + 30}" y2="${atY - 4}"`;
  return [`<line class="${className}" ${ends}/>`, text(LEGEND + 38, atY, words)];
}

// Above the even spread, so that no line runs through it.
function peakLabel(renewals: readonly number[], even: number): string {
  const peak = peakPerSecond(renewals, BIN_MS);
  const middle = (Math.min(...renewals) + Math.max(...renewals)) / 2 / MINUTE_MS;
  return text(x(middle), y(Math.max(peak, even)) - 8, peak.toFixed(1), {
    anchor: "middle",
    className: "peak",
  });
}

function x(minutes: number): number {
  return LEFT + (minutes / MINUTES) * (WIDTH - LEFT - RIGHT);
}

function y(perSecond: number): number {
  return HEIGHT - BOTTOM - (perSecond / TOP_RATE) * (HEIGHT - TOP - BOTTOM);
}

type Point = readonly [minutes: number, perSecond: number];

function line(className: string, from: Point, to: Point): string {
  const ends = [x(from[0]), y(from[1]), x(to[0]), y(to[1])].map((one) => one.toFixed(1));
  return `<line class="${className}" x1="${ends[0]}" y1="${ends[1]}" x2="${ends[2]}" y2="${ends[3]}"/>`;
}

function text(
  atX: number,
  atY: number,
  words: string,
  { anchor, className }: { readonly anchor?: string; readonly className?: string } = {},
): string {
  const look = className === undefined ? "" : ` class="${className}"`;
  const where = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${atX.toFixed(1)}" y="${atY.toFixed(1)}"${look}${where}>${words}</text>`;
}

function stepsTo(last: number, step: number): readonly number[] {
  return Array.from({ length: last / step + 1 }, (_, index) => index * step);
}

function thousands(count: number): string {
  return count.toLocaleString("en-US");
}
