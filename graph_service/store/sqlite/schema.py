"""Tables of the embedded store.

`fact` is clustered by source, kind and subject: a delivery writes few sequential ranges, an entity is read with one
probe for each pair of source and kind that `spoken` lists. Columns: s, o node numbers · key: what the fact is about
within source and subject · rf, rt: moments between which it is visible (rt null: still) · vf, vt: days in the world ·
av: day from which the world could know it · d, file, line: the first delivery that states it · simple: stated alike by
every delivery that speaks of the key, and `statement` then holds only the others, without content.

`name` and `name_part` are the search index; `candidate` holds, for a person, numbers of name and visible digits.
"""

APPLICATION_ID = 0x43475246
VERSION = 1

FACT_COLUMNS = (
    "src", "s", "key", "rf", "seg", "kind", "o", "role", "part", "vf", "vt", "av", "share", "votes", "amount",
    "name", "attrs", "scope", "d", "file", "line", "simple",
)  # fmt: skip

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (
  src INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, rank INTEGER NOT NULL, corrects TEXT NOT NULL, department TEXT);
CREATE TABLE moment (
  t INTEGER PRIMARY KEY, recorded INTEGER NOT NULL UNIQUE, what TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE delivery (
  d INTEGER PRIMARY KEY, batch TEXT NOT NULL, src INTEGER NOT NULL REFERENCES source, mode TEXT NOT NULL,
  date INTEGER, day INTEGER NOT NULL, files TEXT NOT NULL, sha256 TEXT NOT NULL,
  t INTEGER REFERENCES moment DEFERRABLE INITIALLY DEFERRED,
  withdrawn INTEGER REFERENCES moment DEFERRABLE INITIALLY DEFERRED, report TEXT,
  covered BLOB, protected TEXT);
CREATE INDEX delivery_batch ON delivery (batch);
CREATE TABLE node (n INTEGER PRIMARY KEY, id TEXT NOT NULL, kind INTEGER NOT NULL, weak INTEGER NOT NULL, label TEXT);
CREATE TABLE fact (
  src INTEGER NOT NULL, s INTEGER NOT NULL, key INTEGER NOT NULL, rf INTEGER NOT NULL, seg INTEGER NOT NULL,
  kind INTEGER NOT NULL, o INTEGER, role TEXT, part TEXT, vf INTEGER, vt INTEGER, av INTEGER,
  share REAL, votes REAL, amount REAL, name TEXT, attrs TEXT, scope INTEGER,
  d INTEGER NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL, simple INTEGER NOT NULL, rt INTEGER,
  PRIMARY KEY (src, kind, s, key, rf, seg)) WITHOUT ROWID;
CREATE INDEX fact_closed ON fact (s, o) WHERE rt IS NOT NULL;
CREATE TABLE spoken (
  src INTEGER NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (src, kind)) WITHOUT ROWID;
CREATE TABLE statement (
  src INTEGER NOT NULL, kind INTEGER NOT NULL, s INTEGER NOT NULL, key INTEGER NOT NULL,
  d INTEGER NOT NULL REFERENCES delivery, file INTEGER NOT NULL, line INTEGER NOT NULL, alike INTEGER NOT NULL,
  o INTEGER, role TEXT, part TEXT, vf INTEGER, vt INTEGER, av INTEGER,
  share REAL, votes REAL, amount REAL, name TEXT, attrs TEXT, scope INTEGER,
  PRIMARY KEY (src, kind, s, key, d)) WITHOUT ROWID;
CREATE TABLE reject (
  d INTEGER NOT NULL REFERENCES delivery, file INTEGER NOT NULL, line INTEGER NOT NULL, raw TEXT,
  code TEXT NOT NULL, "column" TEXT, message TEXT NOT NULL);
CREATE INDEX reject_d ON reject (d);
CREATE TABLE note (
  d INTEGER NOT NULL REFERENCES delivery, file INTEGER NOT NULL, line INTEGER NOT NULL, raw TEXT,
  code TEXT NOT NULL, "column" TEXT, message TEXT NOT NULL);
CREATE INDEX note_d ON note (d);
CREATE INDEX statement_d ON statement (d);
CREATE TABLE unsettled (n INTEGER PRIMARY KEY);
CREATE TABLE name (
  doc INTEGER PRIMARY KEY, n INTEGER NOT NULL, closed INTEGER NOT NULL, type INTEGER NOT NULL,
  norm TEXT NOT NULL, pinyin TEXT, initials TEXT);
CREATE TABLE candidate (n INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (n, key)) WITHOUT ROWID;
CREATE VIRTUAL TABLE name_part USING fts5 (grams, content = '', detail = none, columnsize = 0);
"""

# Built when a first big load is over; kept up from then on.
INDEXES = """
CREATE INDEX IF NOT EXISTS fact_object ON fact (o, kind) WHERE o IS NOT NULL;
CREATE INDEX IF NOT EXISTS name_norm ON name (closed, norm);
CREATE INDEX IF NOT EXISTS name_pinyin ON name (closed, pinyin) WHERE pinyin IS NOT NULL;
CREATE INDEX IF NOT EXISTS name_initials ON name (closed, initials) WHERE initials IS NOT NULL;
CREATE INDEX IF NOT EXISTS name_node ON name (n);
CREATE INDEX IF NOT EXISTS candidate_key ON candidate (key);
"""

INSERT_FACT = f"INSERT INTO fact ({', '.join(FACT_COLUMNS)}) VALUES ({', '.join('?' * len(FACT_COLUMNS))})"
