//! Masks of personal values as everybody sees them who has no reason to see more.

/// 张三丰 → 张**.
pub fn mask_name(name: &str) -> String {
    let first: String = name.trim().chars().take(1).collect();
    if first.is_empty() { String::new() } else { format!("{first}**") }
}

/// 13812341234 → 138****1234; shorter numbers keep nothing but their last two digits.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let (head, tail) = if digits.len() >= 11 { (3, 4) } else { (0, 2.min(digits.len() / 2)) };
    let first: String = digits.iter().take(head).collect();
    let last: String = digits.iter().skip(digits.len() - tail).collect();
    format!("{first}****{last}")
}

/// 府前路12号3幢2单元501室 → 府前路12号3幢***: down to the building, and no further than the house
/// number where no building is named.
pub fn mask_address(address: &str) -> String {
    const BUILDINGS: [&str; 4] = ["幢", "栋", "号楼", "座"];
    let end_of = |mark: &&str| address.find(*mark).map(|at| at + mark.len());
    let building = BUILDINGS.iter().filter_map(end_of).min();
    let house = || address.find('号').map(|at| at + '号'.len_utf8());
    let number = || address.find(|c: char| c.is_ascii_digit());
    let end = building.or_else(house).or_else(number).unwrap_or(0);
    match address.split_at_checked(end) {
        Some((shown, "")) => shown.to_owned(),
        Some((shown, _)) => format!("{shown}***"),
        None => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("张三", "张**")]
    #[case("欧阳修文", "欧**")]
    #[case("𡐓某", "𡐓**")]
    #[case("", "")]
    fn a_name_shows_its_first_character(#[case] name: &str, #[case] masked: &str) {
        assert_eq!(mask_name(name), masked);
    }

    #[rstest]
    #[case("13812341234", "138****1234")]
    #[case("0598-5822345", "059****2345")]
    #[case("12345", "****45")]
    #[case("", "****")]
    fn a_number_shows_three_and_four_digits(#[case] phone: &str, #[case] masked: &str) {
        assert_eq!(mask_phone(phone), masked);
    }

    #[rstest]
    #[case("府前路12号3幢2单元501室", "府前路12号3幢***")]
    #[case("金沙小区5号楼1204", "金沙小区5号楼***")]
    #[case("府前路12号", "府前路12号")]
    #[case("府前路12号501", "府前路12号***")]
    #[case("上村3组", "上村***")]
    #[case("老张家", "***")]
    fn an_address_shows_the_building(#[case] address: &str, #[case] masked: &str) {
        assert_eq!(mask_address(address), masked);
    }
}
