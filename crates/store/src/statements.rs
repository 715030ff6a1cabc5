//! The register of statements: each file names its SQL in one `sql!` block, and this gathers
//! them, so that one test prepares every text on both engines.

/// Names the statements of a file: each becomes a constant, all together `STATEMENTS`.
macro_rules! sql {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* const $name: &str = $text;)+

        /// The statements of this file by name.
        pub(crate) const STATEMENTS: &[(&str, &str)] =
            &[$((concat!(module_path!(), "::", stringify!($name)), $name)),+];
    };
}
pub(crate) use sql;

use crate::{
    access, audit, backup, cases, desk, effects, exchange, journal, messages, notices, people,
    project, seal, search, settings, snapshot, tallies, territory,
};
use rowdb::Engine;

/// Every statement of the store with its name (`store::journal::GET`): those written down, then
/// those composed from parts. Only the text index has statements of its own for each engine.
pub fn statements(engine: Engine) -> Vec<(String, String)> {
    let written = [
        access::STATEMENTS,
        access::displays::STATEMENTS,
        access::secrets::STATEMENTS,
        access::sessions::STATEMENTS,
        access::wechat::STATEMENTS,
        audit::STATEMENTS,
        backup::STATEMENTS,
        &cases::written(),
        desk::STATEMENTS,
        effects::boards::STATEMENTS,
        effects::cycles::STATEMENTS,
        effects::gatherings::STATEMENTS,
        effects::ledgers::STATEMENTS,
        effects::records::STATEMENTS,
        notices::STATEMENTS,
        exchange::STATEMENTS,
        exchange::NAMED,
        journal::STATEMENTS,
        messages::STATEMENTS,
        people::STATEMENTS,
        people::counts::STATEMENTS,
        project::STATEMENTS,
        seal::STATEMENTS,
        search::STATEMENTS,
        settings::STATEMENTS,
        &tallies::written(),
        territory::STATEMENTS,
    ];
    let composed = [
        audit::composed(engine),
        cases::composed(engine),
        search::composed(engine),
        snapshot::composed(),
        tallies::composed(),
    ];
    let written = written.concat().into_iter().map(|(name, text)| (name.into(), text.into()));
    written.chain(composed.into_iter().flatten()).collect()
}
