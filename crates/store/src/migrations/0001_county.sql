-- The tables of one county. Every one is a projection of the journal but those marked "volatile".

CREATE TABLE journal (
  id {id} PRIMARY KEY,
  kind {text} NOT NULL,
  at {int} NOT NULL,
  subject {id},
  revision {int},
  body {text} NOT NULL
) {strict};
CREATE INDEX journal_subject ON journal (subject, revision) WHERE revision IS NOT NULL;
CREATE INDEX journal_kind ON journal (kind, at, id) WHERE revision IS NULL;

CREATE TABLE private (
  entry {id} NOT NULL,
  field {text} NOT NULL,
  salt {bytes} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (entry, field)
) {strict_rowless};

-- sqlite:
CREATE TABLE unsealed (n INTEGER PRIMARY KEY AUTOINCREMENT, entry BLOB NOT NULL, counts TEXT) STRICT;
CREATE TRIGGER journal_only_grows BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER journal_is_never_cut BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
-- postgres:
CREATE TABLE unsealed (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry uuid NOT NULL, counts text);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal only grows'; END $$;
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- both:
CREATE TABLE seal (
  position {int} PRIMARY KEY,
  entry {id} NOT NULL UNIQUE,
  record {bytes} NOT NULL
) {strict};

-- The newest signed checkpoint of the log: one row.
CREATE TABLE checkpoint (
  one {int} PRIMARY KEY,
  size {int} NOT NULL,
  note {text} NOT NULL
) {strict};

-- volatile: who seals (PostgreSQL only has more than one candidate).
CREATE TABLE lease (
  name {text} PRIMARY KEY,
  holder {text} NOT NULL,
  until {int} NOT NULL,
  fence {int} NOT NULL
) {strict};

-- Single values: the current pack, the calendar, the network's version.
CREATE TABLE setting (
  name {text} PRIMARY KEY,
  value {text} NOT NULL
) {strict};

CREATE TABLE pack (
  hash {text} PRIMARY KEY,
  id {text} NOT NULL,
  version {text} NOT NULL,
  flat {text} NOT NULL,
  loaded_at {int} NOT NULL
) {strict};

CREATE TABLE place (
  id {id} PRIMARY KEY,
  parent {id},
  level {int} NOT NULL,
  code {text} NOT NULL UNIQUE,
  name {text} NOT NULL,
  from_day {text} NOT NULL,
  until_day {text}
) {strict};
CREATE INDEX place_parent ON place (parent, code);

CREATE TABLE place_alias (
  code {text} PRIMARY KEY,
  place {id} NOT NULL
) {strict};

CREATE TABLE place_outline (
  place {id} PRIMARY KEY,
  outline {text} NOT NULL
) {strict};

CREATE TABLE household (
  id {id} PRIMARY KEY,
  place {id} NOT NULL,
  n {int} NOT NULL,
  entry {id} NOT NULL
) {strict};
CREATE INDEX household_place ON household (place, n);

CREATE TABLE org (
  id {id} PRIMARY KEY,
  code {text} NOT NULL UNIQUE,
  name {text} NOT NULL,
  kind {text} NOT NULL,
  place {id} NOT NULL,
  from_day {text} NOT NULL,
  until_day {text},
  successor {id}
) {strict};

CREATE TABLE post (
  id {id} PRIMARY KEY,
  role {text} NOT NULL,
  org {id},
  place {id},
  from_day {text} NOT NULL,
  until_day {text}
) {strict};

CREATE TABLE person (
  id {id} PRIMARY KEY,
  entry {id} NOT NULL
) {strict};

CREATE TABLE holding (
  post {id} NOT NULL,
  person {id} NOT NULL,
  rank {int} NOT NULL,
  selection {text} NOT NULL,
  from_day {text} NOT NULL,
  until_day {text},
  PRIMARY KEY (post, person, from_day)
) {strict_rowless};
CREATE INDEX holding_person ON holding (person);

CREATE TABLE absence (
  person {id} NOT NULL,
  from_day {text} NOT NULL,
  until_day {text} NOT NULL,
  PRIMARY KEY (person, from_day)
) {strict_rowless};

-- 人次 of service visits, per ancestor of the place visited.
CREATE TABLE visit_count (
  place {id} NOT NULL,
  kind {text} NOT NULL,
  day {text} NOT NULL,
  visits {int} NOT NULL,
  people {int} NOT NULL,
  PRIMARY KEY (place, kind, day)
) {strict_rowless};

CREATE TABLE account (
  id {id} PRIMARY KEY,
  name {text} NOT NULL UNIQUE,
  person {id} NOT NULL,
  closed {bool} NOT NULL
) {strict};
CREATE INDEX account_person ON account (person);

CREATE TABLE resident (
  person {id} PRIMARY KEY,
  key {text} NOT NULL UNIQUE,
  verified_at {int} NOT NULL
) {strict};

-- Whom WeChat knows, by the keyed hash of its id for them.
CREATE TABLE wechat (
  person {id} PRIMARY KEY,
  key {text} NOT NULL UNIQUE
) {strict};

-- volatile: secrets and what is short-lived. None of it enters the journal.
CREATE TABLE credential (
  account {id} PRIMARY KEY,
  password {text} NOT NULL,
  must_change {bool} NOT NULL,
  totp {text},
  last_totp {int} NOT NULL,
  changed_at {int} NOT NULL
) {strict};
CREATE TABLE session (
  token {bytes} PRIMARY KEY,
  account {id},
  person {id} NOT NULL,
  created_at {int} NOT NULL,
  seen_at {int} NOT NULL,
  expires_at {int} NOT NULL
) {strict};
CREATE INDEX session_account ON session (account);
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires_at);
CREATE TABLE display (
  id {id} PRIMARY KEY,
  token {bytes} NOT NULL UNIQUE,
  entered {bool} NOT NULL,
  name {text} NOT NULL,
  place {id} NOT NULL,
  post {id} NOT NULL,
  account {id} NOT NULL,
  person {id} NOT NULL,
  opened_at {int} NOT NULL,
  seen_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  until {int} NOT NULL
) {strict};
CREATE TABLE attempt (
  key {text} PRIMARY KEY,
  failed {int} NOT NULL,
  since {int} NOT NULL
) {strict};
CREATE TABLE phone_code (
  key {text} PRIMARY KEY,
  hash {bytes} NOT NULL,
  expires_at {int} NOT NULL,
  tries {int} NOT NULL
) {strict};
CREATE TABLE wechat_ticket (
  hash {bytes} PRIMARY KEY,
  key {text} NOT NULL,
  expires_at {int} NOT NULL,
  tries {int} NOT NULL
) {strict};
CREATE TABLE claim (
  hash {bytes} PRIMARY KEY,
  case_id {id} NOT NULL UNIQUE
) {strict};
CREATE TABLE message (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL,
  kind {text} NOT NULL,
  made_at {int} NOT NULL,
  due_at {int},
  tries {int} NOT NULL,
  state {text} NOT NULL,
  changed_at {int} NOT NULL
) {strict};
CREATE INDEX message_due ON message (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX message_case ON message (case_id, made_at);
CREATE TABLE verdict_link (
  hash {bytes} PRIMARY KEY,
  case_id {id} NOT NULL UNIQUE,
  until {int} NOT NULL
) {strict};
CREATE TABLE idempotency (
  scope {text} NOT NULL,
  key {text} NOT NULL,
  body {bytes} NOT NULL,
  status {int} NOT NULL,
  answer {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (scope, key)
) {strict_rowless};
CREATE INDEX idempotency_at ON idempotency (at);
CREATE TABLE number_block (
  day {text} PRIMARY KEY,
  reserved {int} NOT NULL
) {strict};

-- `named`: whether an entry of a case ever named it.
CREATE TABLE file (
  id {id} PRIMARY KEY,
  sha256 {text} NOT NULL,
  bytes {int} NOT NULL,
  media {text} NOT NULL,
  hidden {int} NOT NULL,
  sealed {text},
  entry {id} NOT NULL,
  named {bool} NOT NULL
) {strict};
CREATE INDEX file_unnamed ON file (id) WHERE NOT named;
CREATE INDEX file_sha256 ON file (sha256);
CREATE INDEX file_sealed ON file (sealed);

-- One row a case. `memory` is the engine's state (model::CaseState); the columns are derived from
-- it and from the opening, for filters. `done` are the actions done so far, while open; p0…p7 the
-- place at each level, current while open.
CREATE TABLE cases (
  id {id} PRIMARY KEY,
  number {text} NOT NULL UNIQUE,
  entry {id} NOT NULL,
  revision {int} NOT NULL,
  changed_at {int} NOT NULL,
  procedure {text} NOT NULL,
  matter {text},
  state {text} NOT NULL,
  ended_as {text},
  opened_at {int} NOT NULL,
  ended_at {int},
  owner {id},
  unit {id},
  due_at {int},
  timer_at {int},
  done {text},
  asker_person {id},
  promise_at {int},
  verdict_at {int},
  hiding {text} NOT NULL,
  sensitive {bool} NOT NULL,
  channel {text} NOT NULL,
  parent {id},
  link {text},
  source_system {text},
  source_number {text},
  lng_e7 {int},
  lat_e7 {int},
  datum {text},
  simhash {int},
  summary {id},
  door {id},
  p0 {id}, p1 {id}, p2 {id}, p3 {id}, p4 {id}, p5 {id}, p6 {id}, p7 {id},
  memory {text} NOT NULL,
  UNIQUE (source_system, source_number)
) {strict};
-- Lists, the newest first. Level 0 is the whole county. The last columns of an index let a rare matter,
-- a unit's cases in one place or the few open ones be found without visiting the rows of all others;
-- where even that would be long, the open ones have an index of their own.
CREATE INDEX cases_newest ON cases (opened_at DESC, id DESC);
CREATE INDEX cases_p1 ON cases (p1, opened_at DESC, id DESC, matter, procedure, ended_as)
  WHERE p1 IS NOT NULL;
CREATE INDEX cases_p2 ON cases (p2, opened_at DESC, id DESC, matter, procedure, ended_as)
  WHERE p2 IS NOT NULL;
CREATE INDEX cases_p3 ON cases (p3, opened_at DESC, id DESC, matter, procedure, ended_as)
  WHERE p3 IS NOT NULL;
CREATE INDEX cases_p4 ON cases (p4, opened_at DESC, id DESC, matter, procedure, ended_as)
  WHERE p4 IS NOT NULL;
CREATE INDEX cases_p5 ON cases (p5, opened_at DESC, id DESC, matter, procedure, ended_as)
  WHERE p5 IS NOT NULL;
CREATE INDEX cases_p6 ON cases (p6, opened_at DESC, id DESC, matter, procedure, ended_as)
  WHERE p6 IS NOT NULL;
CREATE INDEX cases_p7 ON cases (p7, opened_at DESC, id DESC, matter, procedure, ended_as)
  WHERE p7 IS NOT NULL;
CREATE INDEX cases_matter ON cases (matter, opened_at DESC, id DESC, ended_as)
  WHERE matter IS NOT NULL;
CREATE INDEX cases_procedure ON cases (procedure, opened_at DESC, id DESC);
CREATE INDEX cases_unit ON cases (unit, opened_at DESC, id DESC, p1, p2, p3, p4) WHERE unit IS NOT NULL;
CREATE INDEX cases_asker ON cases (asker_person, opened_at DESC, id DESC)
  WHERE asker_person IS NOT NULL;
CREATE INDEX cases_open ON cases (opened_at DESC, id DESC) WHERE ended_as IS NULL;
CREATE INDEX cases_open_p1 ON cases (p1, opened_at DESC, id DESC, matter)
  WHERE ended_as IS NULL AND p1 IS NOT NULL;
-- Open ones by their whole path, to be counted cell by cell without visiting a row.
CREATE INDEX cases_open_path ON cases (p0, p1, p2, p3, p4, p5, p6, p7, due_at, ended_as)
  WHERE ended_as IS NULL;
CREATE INDEX cases_state ON cases (state, opened_at DESC, id DESC) WHERE ended_as IS NULL;
CREATE INDEX cases_owner ON cases (owner, due_at, id) WHERE owner IS NOT NULL;
CREATE INDEX cases_due ON cases (due_at, id, p1, p2, p3, p4, p5, state, done)
  WHERE due_at IS NOT NULL;
CREATE INDEX cases_open_unit ON cases (unit, due_at, id, state, done)
  WHERE due_at IS NOT NULL AND unit IS NOT NULL;
CREATE INDEX cases_door ON cases (door, procedure, opened_at DESC, id DESC) WHERE door IS NOT NULL;
-- Open ones of which the house wrote something for everybody.
CREATE INDEX cases_summary ON cases (opened_at DESC, id DESC, p3, p4, p5)
  WHERE summary IS NOT NULL AND ended_as IS NULL;
CREATE INDEX cases_sensitive ON cases (opened_at DESC, id DESC) WHERE sensitive;
CREATE INDEX cases_timer ON cases (timer_at, id) WHERE timer_at IS NOT NULL;
-- Behind the rates of promises and of verdicts, by day and then by place.
CREATE INDEX cases_promise ON cases (promise_at DESC, id DESC, p1, p2, p3, p4)
  WHERE promise_at IS NOT NULL;
CREATE INDEX cases_verdict ON cases (verdict_at DESC, id DESC, p1, p2, p3, p4)
  WHERE verdict_at IS NOT NULL;
CREATE INDEX cases_parent ON cases (parent, opened_at, id) WHERE parent IS NOT NULL;

-- Who was told of what.
CREATE TABLE alert (
  entry {id} NOT NULL,
  recipient {id} NOT NULL,
  case_id {id} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (recipient, at, entry)
) {strict_rowless};

-- Who looked at masked values of a case.
CREATE TABLE look (
  entry {id} PRIMARY KEY,
  case_id {id} NOT NULL,
  person {id},
  post {id},
  at {int} NOT NULL
) {strict};
CREATE INDEX look_case ON look (case_id, at);

-- Words kept ready by an office; the texts are private values of the entry.
CREATE TABLE phrase (
  id {id} PRIMARY KEY,
  entry {id} NOT NULL,
  office {text} NOT NULL,
  purpose {text} NOT NULL,
  procedure {text},
  matter {text}
) {strict};
CREATE INDEX phrase_office ON phrase (office, id);

-- Notices for everybody of a place; the texts are private values of the entry.
CREATE TABLE notice (
  id {id} PRIMARY KEY,
  entry {id} NOT NULL,
  place {id} NOT NULL,
  post {id},
  at {int} NOT NULL,
  until_day {text},
  withdrawn_at {int}
) {strict};
CREATE INDEX notice_place ON notice (place, id DESC);
CREATE TABLE notice_read (
  notice {id} NOT NULL,
  person {id} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (notice, person)
) {strict_rowless};

-- Records of shifts handed over; the notes are private values of the entry.
CREATE TABLE shift (
  id {id} PRIMARY KEY,
  entry {id} NOT NULL,
  desk {text} NOT NULL,
  post {id},
  person {id},
  at {int} NOT NULL,
  open {int} NOT NULL,
  late {int} NOT NULL,
  taken_by {id},
  taken_at {int}
) {strict};
CREATE INDEX shift_desk ON shift (desk, at DESC, id DESC);
CREATE TABLE shift_case (
  shift {id} NOT NULL,
  n {int} NOT NULL,
  case_id {id} NOT NULL,
  PRIMARY KEY (shift, n)
) {strict_rowless};

-- Rows of registers as they were written last, and every entry that wrote them. The texts are private
-- values of the entries that `columns` names.
CREATE TABLE register_row (
  id {id} PRIMARY KEY,
  register {text} NOT NULL,
  key {text} NOT NULL,
  case_id {id},
  columns {json} NOT NULL,
  revision {int} NOT NULL,
  entry {id} NOT NULL,
  at {int} NOT NULL,
  UNIQUE (register, key)
) {strict};
CREATE INDEX register_row_case ON register_row (case_id, register, at) WHERE case_id IS NOT NULL;
CREATE TABLE register_entry (
  record {id} NOT NULL,
  revision {int} NOT NULL,
  entry {id} NOT NULL,
  PRIMARY KEY (record, revision)
) {strict_rowless};

-- Ledgers: what was moved, and what each account has by it. The county's own accounts have the holder 0.
CREATE TABLE booking (
  entry {id} PRIMARY KEY,
  ledger {text} NOT NULL,
  from_account {text} NOT NULL,
  from_holder {id} NOT NULL,
  to_account {text} NOT NULL,
  to_holder {id} NOT NULL,
  amount {int} NOT NULL,
  case_id {id} NOT NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX booking_ledger ON booking (ledger, entry DESC);
CREATE INDEX booking_from ON booking (ledger, from_account, from_holder, entry DESC);
CREATE INDEX booking_to ON booking (ledger, to_account, to_holder, entry DESC);
CREATE INDEX booking_case ON booking (case_id, entry DESC);
CREATE TABLE balance (
  ledger {text} NOT NULL,
  account {text} NOT NULL,
  holder {id} NOT NULL,
  amount {int} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (ledger, account, holder)
) {strict_rowless};

-- Meetings and ballots, who is invited, and the votes. The choice of a secret vote is a private value
-- of its entry and stands in no row.
CREATE TABLE gathering (
  id {id} PRIMARY KEY,
  entry {id} NOT NULL,
  kind {text} NOT NULL,
  pack {text} NOT NULL,
  case_id {id},
  place {id} NOT NULL,
  at {int} NOT NULL,
  closes {int},
  called {int} NOT NULL,
  minutes {json},
  minutes_entry {id},
  minutes_at {int},
  agenda {json}
) {strict};
CREATE INDEX gathering_at ON gathering (at DESC, id DESC);
CREATE INDEX gathering_place ON gathering (place, at DESC, id DESC);
CREATE INDEX gathering_case ON gathering (case_id, at DESC, id DESC) WHERE case_id IS NOT NULL;
CREATE TABLE gathering_post (
  gathering {id} NOT NULL,
  post {id} NOT NULL,
  PRIMARY KEY (gathering, post)
) {strict_rowless};
CREATE INDEX gathering_post_post ON gathering_post (post, gathering);
CREATE TABLE vote (
  gathering {id} NOT NULL,
  voter {id} NOT NULL,
  entry {id} NOT NULL,
  choice {int},
  PRIMARY KEY (gathering, voter)
) {strict_rowless};

-- What stands on boards; the texts are private values of the entries that `columns` names.
CREATE TABLE publication (
  id {id} PRIMARY KEY,
  entry {id} NOT NULL,
  board {text} NOT NULL,
  pack {text} NOT NULL,
  case_id {id} NOT NULL,
  place {id} NOT NULL,
  columns {json} NOT NULL,
  post {id},
  at {int} NOT NULL,
  until {int},
  withdrawn_at {int}
) {strict};
CREATE INDEX publication_board ON publication (board, place, id DESC);
CREATE INDEX publication_case ON publication (case_id, id DESC);
-- The same per ancestor of its place.
CREATE TABLE publication_place (
  board {text} NOT NULL,
  place {id} NOT NULL,
  publication {id} NOT NULL,
  PRIMARY KEY (board, place, publication)
) {strict_rowless};

-- Which periods of which cycle have run.
CREATE TABLE cycle_run (
  cycle {text} NOT NULL,
  period {text} NOT NULL,
  entry {id} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (cycle, period)
) {strict_rowless};
CREATE INDEX cycle_run_at ON cycle_run (cycle, at DESC);

-- Counters per ancestor. dim 0: by local day; 1: by matter and month; 2: by unit and month; at the top
-- of the tree also 3: by month; 4: by year; 5: by matter and year; 6: by unit and year.
CREATE TABLE tally (
  place {id} NOT NULL,
  dim {int} NOT NULL,
  key {text} NOT NULL,
  period {text} NOT NULL,
  asked {int} NOT NULL, opened {int} NOT NULL, dispatched {int} NOT NULL, solved {int} NOT NULL,
  unsolved {int} NOT NULL, unreached {int} NOT NULL, withdrawn {int} NOT NULL,
  referred {int} NOT NULL, merged {int} NOT NULL, excluded {int} NOT NULL,
  imported {int} NOT NULL, decided {int} NOT NULL, due {int} NOT NULL, on_time {int} NOT NULL,
  called {int} NOT NULL, contacted {int} NOT NULL, judged {int} NOT NULL,
  said_solved {int} NOT NULL, rated {int} NOT NULL, satisfied {int} NOT NULL,
  redispatched {int} NOT NULL, ever_dispatched {int} NOT NULL, ended {int} NOT NULL,
  PRIMARY KEY (place, dim, key, period)
) {strict_rowless};

-- How many days cases took from opening to end, per ancestor. dim 3: by month of opening; at the top
-- of the tree also 4: by year.
CREATE TABLE took (
  place {id} NOT NULL,
  dim {int} NOT NULL,
  period {text} NOT NULL,
  days {int} NOT NULL,
  n {int} NOT NULL,
  PRIMARY KEY (place, dim, period, days)
) {strict_rowless};

-- volatile: the text index, by the position of a case's opening in the log, and how far it has
-- followed the log.
-- sqlite:
CREATE VIRTUAL TABLE search USING fts5(terms, case_id UNINDEXED, content = '', contentless_delete = 1,
  contentless_unindexed = 1, detail = none, tokenize = 'unicode61');
-- postgres:
CREATE TABLE search (position bigint PRIMARY KEY, case_id uuid NOT NULL, terms tsvector NOT NULL);
CREATE INDEX search_terms ON search USING gin (terms);
-- both:
CREATE TABLE indexed (
  one {int} PRIMARY KEY,
  position {int} NOT NULL
) {strict};

-- sqlite:
-- What a county of a million cases looks like, 1.5 % of them open: rows, then rows alike in the first
-- column, the first two, …. With it the planner chooses as well on the first day as after years. A
-- unit's and a place's own index are made to look better than they are: their last columns are worth
-- more than the planner knows.
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('cases', 'sqlite_autoindex_cases_1', '1000000 1'),
  ('cases', 'sqlite_autoindex_cases_2', '1000000 1'),
  ('cases', 'sqlite_autoindex_cases_3', '1000000 500000 1'),
  ('cases', 'cases_newest', '1000000 1 1'),
  ('cases', 'cases_p1', '1000000 10000 1 1 1 1 1'),
  ('cases', 'cases_p2', '1000000 5000 1 1 1 1 1'),
  ('cases', 'cases_p3', '1000000 2500 1 1 1 1 1'),
  ('cases', 'cases_p4', '1000000 1250 1 1 1 1 1'),
  ('cases', 'cases_p5', '500000 600 1 1 1 1 1'),
  ('cases', 'cases_p6', '250000 300 1 1 1 1 1'),
  ('cases', 'cases_p7', '125000 150 1 1 1 1 1'),
  ('cases', 'cases_matter', '1000000 30000 1 1 1'),
  ('cases', 'cases_procedure', '1000000 100000 1 1'),
  ('cases', 'cases_unit', '1000000 500 1 1 1 1 1 1'),
  ('cases', 'cases_asker', '1000000 2 1 1'),
  ('cases', 'cases_open', '15000 1 1'),
  ('cases', 'cases_open_p1', '15000 1250 1 1 1'),
  ('cases', 'cases_open_path', '15000 15000 15000 1250 80 20 10 5 5 1 1'),
  ('cases', 'cases_state', '15000 6000 1 1'),
  ('cases', 'cases_owner', '15000 15 1 1'),
  ('cases', 'cases_due', '15000 1 1 1 1 1 1 1 1 1'),
  ('cases', 'cases_open_unit', '12000 200 1 1 1 1'),
  ('cases', 'cases_timer', '15000 1 1'),
  ('cases', 'cases_promise', '1000000 1 1 1 1 1 1'),
  ('cases', 'cases_verdict', '700000 1 1 1 1 1 1'),
  ('cases', 'cases_parent', '100000 2 1 1');
ANALYZE sqlite_schema;
-- both:
