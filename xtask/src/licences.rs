//! The licences of everything we depend on, tests included, as their manifests state them.
//! Each must leave us a choice that suits a program given away under Apache-2.0 or MulanPSL-2.0.

use anyhow::Result;
use spdx::{Expression, LicenseReq, ParseMode};

use crate::cargo::{self, Package};
use crate::{House, Problem};

/// Licences that ask for no more than to be named and kept beside the work.
const SUITS: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MulanPSL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages let in under a licence that is not in the list, each with its reason beside it.
const EXCEPTIONS: &[(&str, &str)] = &[
    // Read the styles of the mini program in a test (`templates`); unchanged, and never shipped.
    ("cssparser", "MPL-2.0"),
    ("cssparser-macros", "MPL-2.0"),
    ("dtoa-short", "MPL-2.0"),
];

/// Checks every package of the lock file.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    Ok(cargo::all(house.root())?.packages.iter().filter_map(|it| refuse(it, EXCEPTIONS)).collect())
}

fn refuse(package: &Package, exceptions: &[(&str, &str)]) -> Option<Problem> {
    let Some(stated) = package.license.as_deref() else {
        return Some(Problem::new(&package.name, "states no licence"));
    };
    let Ok(expression) = Expression::parse_mode(stated, ParseMode::LAX) else {
        return Some(Problem::new(&package.name, format!("states no known licence: {stated}")));
    };
    let excepted = |name: &str| exceptions.contains(&(package.name.as_str(), name));
    let suits = expression.evaluate(|licence| {
        name(licence).is_some_and(|name| SUITS.contains(&name) || excepted(name))
    });
    (!suits).then(|| Problem::new(&package.name, format!("its licence does not suit us: {stated}")))
}

/// An additional permission (`WITH …`) takes nothing away, so the licence decides alone.
fn name(licence: &LicenseReq) -> Option<&'static str> {
    licence.license.id().map(|id| id.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn package(licence: Option<&str>) -> Package {
        let license = licence.map(str::to_owned);
        Package { name: "x".into(), license, source: None, dependencies: Vec::new() }
    }

    #[rstest]
    #[case(Some("MIT"), true)]
    #[case(Some("MIT/Apache-2.0"), true)]
    #[case(Some("(MIT OR Apache-2.0) AND Unicode-3.0"), true)]
    #[case(Some("MIT OR Apache-2.0 OR LGPL-2.1-or-later"), true)]
    #[case(Some("Apache-2.0 WITH LLVM-exception"), true)]
    #[case(Some("MIT AND GPL-3.0-only"), false)]
    #[case(Some("AGPL-3.0-or-later"), false)]
    #[case(Some("AGPL-3.0"), false)]
    #[case(Some("MPL-2.0"), false)]
    #[case(Some("SSPL-1.0"), false)]
    #[case(Some("Proprietary"), false)]
    #[case(Some(""), false)]
    #[case(None, false)]
    fn a_licence_must_leave_a_choice_that_suits(#[case] stated: Option<&str>, #[case] suits: bool) {
        assert_eq!(refuse(&package(stated), &[]).is_none(), suits);
    }

    #[test]
    fn an_exception_is_for_one_package_and_one_licence() {
        let mozilla = package(Some("MPL-2.0"));
        assert_eq!(refuse(&mozilla, &[("x", "MPL-2.0")]), None);
        assert!(refuse(&mozilla, &[("y", "MPL-2.0")]).is_some());
        assert!(refuse(&mozilla, &[("x", "GPL-3.0-only")]).is_some());
    }
}
