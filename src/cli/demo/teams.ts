/** The people of the demo organisation: 4 domains of 3 teams. */
export interface Domain {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export interface Team {
  readonly id: string;
  readonly title: string;
  readonly domain: string;
  /** Hours that their clocks are ahead of UTC. */
  readonly offsetHours: number;
  readonly people: readonly string[];
  /** What they build; titles are made of these. */
  readonly topics: readonly string[];
  /** `feat: add …` or `Add …`. */
  readonly wording: "conventional" | "plain";
}

export const domains: readonly Domain[] = [
  { id: "payments", title: "Payments", description: "Takes money, keeps the books, keeps fraud out" },
  { id: "shopping", title: "Shopping", description: "What customers see: shop, search, basket, checkout" },
  { id: "fulfilment", title: "Fulfilment", description: "From order to doorstep and back" },
  { id: "platform", title: "Platform", description: "What all other teams build on" },
];

const list = (text: string): readonly string[] => text.split(",").map((part) => part.trim());

export const teams: readonly Team[] = [
  {
    id: "ledger",
    title: "Ledger",
    domain: "payments",
    offsetHours: 1,
    people: list("Mara Lindqvist, Tomasz Zielinski, Aoife Brennan, Jonas Weber, Ines Carvalho"),
    topics: list(
      "double-entry postings, settlement files, balance snapshots, account closing, currency rounding, journal export, posting batches",
    ),
    wording: "conventional",
  },
  {
    id: "payment-methods",
    title: "Payment Methods",
    domain: "payments",
    offsetHours: 1,
    people: list("Lukas Hartmann, Chiara Rossi, Pieter de Vries, Noor Haddad, Emil Sorensen, Clara Dubois"),
    topics: list(
      "card tokens, 3-D Secure challenges, wallet top-ups, SEPA mandates, refund requests, provider failover, idempotency keys",
    ),
    wording: "conventional",
  },
  {
    id: "risk",
    title: "Risk",
    domain: "payments",
    offsetHours: 0,
    people: list("Priya Raman, Callum Fraser, Yusuf Demir, Hannah Osei, Diego Ferreira"),
    topics: list(
      "velocity rules, device fingerprints, score thresholds, document checks, dispute evidence, watch lists, model features",
    ),
    wording: "plain",
  },
  {
    id: "storefront",
    title: "Storefront",
    domain: "shopping",
    offsetHours: 1,
    people: list(
      "Sofia Marchetti, Bram Jansen, Julia Nowak, Oscar Nyman, Leonie Schubert, Matteo Greco, Ada Kovacs",
    ),
    topics: list(
      "product page, hero banner, image gallery, size picker, wish list, cookie banner, navigation menu, delivery badge",
    ),
    wording: "conventional",
  },
  {
    id: "discovery",
    title: "Search & Catalogue",
    domain: "shopping",
    offsetHours: 2,
    people: list("Elena Popescu, Mikko Virtanen, Ruxandra Ionescu, Andrius Petrauskas, Kalina Georgieva"),
    topics: list(
      "facet filters, synonym lists, query rewriting, category tree, product variants, ranking signals, image renditions",
    ),
    wording: "plain",
  },
  {
    id: "checkout",
    title: "Checkout",
    domain: "shopping",
    offsetHours: -5,
    people: list("Grace Okafor, Daniel Reyes, Hannah Kim, Marcus Bell, Leila Farahani, Owen Gallagher"),
    topics: list(
      "address form, basket merge, voucher codes, price rules, tax regions, guest checkout, payment step, gift cards",
    ),
    wording: "conventional",
  },
  {
    id: "orders",
    title: "Orders",
    domain: "fulfilment",
    offsetHours: 0,
    people: list("Rhys Bevan, Amelia Shaw, Kwame Mensah, Fatima Zahra, Joao Almeida"),
    topics: list(
      "order states, partial cancellation, return labels, invoice layout, order events, split shipments, refund triggers",
    ),
    wording: "plain",
  },
  {
    id: "warehouse",
    title: "Warehouse",
    domain: "fulfilment",
    offsetHours: 1,
    people: list("Stefan Brandt, Agnieszka Wojcik, Hugo Lefevre, Petra Novakova, Marek Dvorak, Ilse Peeters"),
    topics: list(
      "stock counts, pick lists, bin locations, goods receipt, label templates, inventory sync, replenishment",
    ),
    wording: "plain",
  },
  {
    id: "delivery",
    title: "Delivery",
    domain: "fulfilment",
    offsetHours: 5.5,
    people: list("Ananya Iyer, Rohan Mehta, Sneha Kulkarni, Vikram Nair, Farah Siddiqui"),
    topics: list(
      "route plans, carrier rates, tracking events, delivery windows, driver hand-over, proof of delivery, parcel lockers",
    ),
    wording: "conventional",
  },
  {
    id: "developer-platform",
    title: "Developer Platform",
    domain: "platform",
    offsetHours: -5,
    people: list("Nina Alvarez, Tyler Brooks, Mei Tanaka, Isaac Cohen, Zoe Campbell"),
    topics: list(
      "rollout rules, rate limits, build images, cache keys, runner pools, mesh policies, audit trail",
    ),
    wording: "conventional",
  },
  {
    id: "data-platform",
    title: "Data Platform",
    domain: "platform",
    offsetHours: 1,
    people: list("Viktor Horvath, Camille Laurent, Bence Toth, Lotte Visser, Rafael Ortega"),
    topics: list(
      "event schemas, consumer lag, partition keys, backfill jobs, metric rollups, experiment buckets, report filters",
    ),
    wording: "plain",
  },
  {
    id: "identity",
    title: "Identity & Customer",
    domain: "platform",
    offsetHours: 0,
    people: list("Isla Murray, Samuel Adeyemi, Marta Silva, Gethin Pryce, Layla Hassan"),
    topics: list(
      "login sessions, passkeys, consent records, profile merge, e-mail templates, push tokens, loyalty tiers",
    ),
    wording: "conventional",
  },
];
