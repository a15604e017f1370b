// What the kiosk's modules hand to each other and what the server sends them, for the type checker alone: nothing here
// reaches a browser. The modules' own classes are known everywhere by their names.
import type { IDBPDatabase } from 'idb';
import type * as clock from './kiosk/clock.js';
import type * as database from './kiosk/database.js';
import type * as device from './kiosk/device.js';
import type * as heartbeat from './kiosk/heartbeat.js';
import type * as kiosk from './kiosk/kiosk.js';
import type * as sender from './kiosk/sender.js';
import type * as pin from './kiosk/staff/pin.js';
import type * as troubles from './kiosk/troubles.js';
import type * as view from './kiosk/view.js';
import type * as visit from './kiosk/visit.js';

declare global {
  type Disk = IDBPDatabase;
  type Settings = database.Settings;
  type Queue = database.Queue;
  type Clock = clock.Clock;
  type Device = device.Device;
  type Heartbeat = heartbeat.Heartbeat;
  type Kiosk = kiosk.Kiosk;
  type Sender = sender.Sender;
  type PinCheck = pin.PinCheck;
  type Troubles = troubles.Troubles;
  type View = view.View;
  type Visit = visit.Visit;

  /** What a button does when it is pressed, and what a screen does when it is told to go on. */
  type Act = () => unknown;

  /** Attributes of an element: null and false leave one out, a function listens to the event of that name. */
  type Attributes = Record<string, string | number | boolean | null | undefined | EventListener>;

  /** A text by language: {"vi": …, "en": …}. */
  type Words = Record<string, string>;

  /** The values of a text's {placeholders}. */
  type Values = Record<string, unknown>;

  interface Service {
    code: string;
    name: string;
    field: string | null;
    sector: string;
  }

  interface Item {
    code: string;
    type: string;
    text: Words;
    subject?: string | null;
    options?: { value: number, text: Words }[];
    range?: [number, number];
    unit?: Words;
    shown_if?: { item: string, values: number[] };
  }

  /** An answer as the server takes it: a rating, a choice, a number; several choices; a day or words. */
  type AnswerValue = number | number[] | string;

  /** What a widget is drawn from; `answer` keeps the answer (null: none) and goes on, `hold` tells what stands on the
   *  screen before that. */
  interface WidgetParts {
    item: Item;
    language: string;
    chosen: AnswerValue | undefined;
    answer: (value: AnswerValue | null) => unknown;
    hold: (value: AnswerValue | null) => unknown;
  }

  interface Questionnaire {
    key: string;
    version: number;
    sector: string;
    services?: string[];  // codes; a configuration kept from before has none
    definition: { items: Item[], scale?: Record<string, Words>, asks_kind?: boolean };
  }

  interface PinHash {
    salt: string;
    iterations: number;
    hash: string;
  }

  /** The answer of `GET /kiosk/api/config`. */
  interface Config {
    counter: string;
    counter_name: string;
    open: boolean;
    agency_name: string;
    follow?: string;  // where a follow code is looked up; a configuration kept from before has none
    languages: string[];
    language_names: Record<string, string>;
    language_directions?: Record<string, string>;
    services: Service[];
    questionnaires: Questionnaire[];
    pin?: PinHash;  // only where the request was signed
  }

  /** What pairing gives a device. */
  interface Identity {
    device: string;
    key: string;
    counter: string;
  }

  /** The second copy of it, outside IndexedDB. */
  type Card = Identity & { pin?: PinHash };

  /** One response as `POST /kiosk/api/responses` takes it. */
  interface Answer {
    id: string;
    questionnaire: string;
    version: number;
    counter: string;
    service: string | null;
    respondent_kind: string | null;
    language: string;
    answered_at: string;
    answers: Record<string, AnswerValue>;
    comment: string | null;
    reply?: string;  // the mark of the code by which who wrote the comment reads the reply
    partial?: true;
  }

  /** How a visit ends: left before it was sent, or with the mark of a code for the reply. */
  interface VisitEnd {
    partial?: boolean;
    reply?: string | null;
  }

  /** An answer on the disk, with the segment of the clock that dated it. */
  interface Waiting {
    seq: number;
    id: string;
    segment: string;
    answer: Answer;
  }

  /** The server's word on an answer that it does not take. */
  interface Refusal {
    record: Waiting;
    status: string;
    problem: string | null;
  }

  type Refused = Waiting & { status: string; problem: string | null };

  /** A stretch of time in which nobody set the clock; milliseconds, null while unknown. */
  interface Segment {
    began: number;
    floor: number | null;
    skew: number | null;
    jump: number | null;
    maySleep: boolean;
  }

  /** Moments (ms) of the machine's two clocks, and whether it cannot have slept since last asked. */
  interface TimeSource {
    wall(): number;
    monotonic(): number;
    awake(): boolean;
  }

  /** A reply of the server; `json` is whatever it sent, null when that was no JSON. */
  interface Reply {
    status: number;
    json: any;
    headers: Headers;
  }

  /** What a screen shows: its name, language, elements of its content and of its foot. */
  interface KioskScreen {
    name: string;
    language: string;
    content: Element[];
    foot?: Element[];
    speech?: Spoken[];
    isQuick?: boolean;
  }

  /** A recording, and what on the screen it speaks of. */
  interface Spoken {
    address: string;
    mark: Element | null;
  }

  /** What the browser lacks: names of texts, and the browser's own words. */
  interface Lack {
    parts: string[];
    detail: string | null;
  }

  interface Trouble {
    at: string;
    message: string;
  }

  interface StorageState {
    storage_used?: number | undefined;
    storage_quota?: number | undefined;
    persisted?: boolean;
  }

  type MenuAction = 'send' | 'export' | 'refused' | 'pair' | 'fullscreen' | 'leave' | 'close';

  /** What the staff's screen shows of this device. */
  interface Status {
    emptiedAt: string | null;
    diskRefusedAt: string | null;
    waiting: number;
    refused: number;
    oldest: string | null;
    place: string | null;
    isRevoked: boolean;
    lastContact: number | null;
    isOnline: boolean;
    skew: number | null;
    version: string;
    storage: StorageState;
    troubles: Trouble[];
    isFullscreen: boolean;
  }

  interface Navigator {
    /** Chromium only. */
    getBattery?(): Promise<{ level: number; charging: boolean }>;
  }
}
