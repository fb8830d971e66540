"""Checks: what can be wrong with a row, as data. The SQL that finds it stands beside the type that it concerns."""

from dataclasses import dataclass

from loaders.template.model import Bilingual


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a row is checked for. `{column}` in the sentence becomes the column's header."""

    code: str
    title: Bilingual
    sentence: Bilingual

    def message(self, column: str | None) -> str:
        """The sentence about one column, in both languages."""
        return str(self.sentence).replace("{column}", column or "")


def _check(code: str, title: tuple[str, str], sentence: tuple[str, str]) -> Check:
    return Check(code, Bilingual(*title), Bilingual(*sentence))


_ALL = (
    # What cannot be read
    _check("damaged_bytes", ("字节损坏", "Damaged bytes"),
           ("该行含有无法解码的字节。", "The row holds bytes that cannot be decoded.")),
    _check("record_too_long", ("行过长", "Record too long"),
           ("该行超过1 MiB。", "The row is longer than 1 MiB.")),
    _check("nul", ("含空字符", "NUL character"), ("该行含有空字符。", "The row holds a NUL character.")),
    _check("too_few_columns", ("列数不足", "Too few columns"),
           ("该行的列数少于表头。", "The row has fewer columns than the header.")),
    _check("too_many_columns", ("列数过多", "Too many columns"),
           ("该行的列数多于表头。", "The row has more columns than the header.")),
    _check("open_quote", ("引号未闭合", "Open quote"),
           ("该行的引号没有闭合。", "A quote of the row is never closed.")),
    _check("bad_json", ("JSON格式错误", "Bad JSON"), ("该记录不是有效的JSON。", "The record is not valid JSON.")),
    # Records of open standards
    _check("bad_field", ("字段格式不正确", "Malformed field"),
           ("“{column}”的内容不符合标准。", "{column} does not hold what the standard asks for.")),
    _check("duplicate_id", ("标识重复", "Id twice"),
           ("“{column}”在文件中已经出现过。", "{column} stands earlier in this file already.")),
    _check("unknown_record", ("引用的记录不存在", "Unknown record"),
           ("“{column}”所指的主体不在本文件中。", "{column} names somebody who is not in this file.")),
    _check("bods_version", ("标准版本不符", "Other version of the standard"),
           ("该声明不是BODS 0.4版。", "The statement is not in version 0.4 of BODS.")),
    _check("unknown_schema", ("未知的实体类型", "Unknown schema"),
           ("“{column}”不是FollowTheMoney的实体类型。", "{column} is no schema of FollowTheMoney.")),
    _check("no_key", ("缺少人员密钥", "No person key"),
           ("该行含证件号码，而未设置人员密钥。", "The row holds a person's number, and no person key is set.")),
    _check("not_kept", ("不予保存", "Not kept"),
           ("“{column}”是个人信息，未保存。", "{column} is personal and was not kept.")),
    _check("superseded", ("已被后续声明取代", "Superseded"),
           ("同一记录有更晚的声明。", "A later statement speaks of the same record.")),
    _check("derived_interest", ("间接权益由直接权益推算", "Indirect interest that follows from direct ones"),
           ("“{column}”由本文件中的直接权益推算，不重复计入。",
            "{column} follows from direct ones in this file and is not counted twice.")),
    _check("inferred_share", ("直接权益由间接权益推得", "Direct share that follows from an indirect one"),
           ("“{column}”未载明比例，由本文件所载间接权益与链上其他比例推得。",
            "{column} states no share; it follows from the indirect one in this file and the others on the chain.")),
    _check("whole_period", ("结束日期只有年月", "End without a day"),
           ("“{column}”没有日，按期末计。", "{column} has no day; the last day of the period is taken.")),
    # Codes
    _check("code_form", ("代码格式不正确", "Malformed code"),
           ("“{column}”既不是统一社会信用代码，也不是注册号或组织机构代码。",
            "{column} is neither a unified social credit code nor a registration number nor an organisation code.")),
    _check("uscc_check", ("统一社会信用代码校验不通过", "Credit code fails its check"),
           ("“{column}”的校验位或登记部门位不正确。", "The check character or the department of {column} is wrong.")),
    _check("uscc_organisation", ("代码内的组织机构代码校验不通过", "Organisation code inside fails its check"),
           ("“{column}”第9至17位的组织机构代码校验不通过。",
            "The organisation code in characters 9 to 17 of {column} has a wrong check character.")),
    _check("org_check", ("组织机构代码校验不通过", "Organisation code fails its check"),
           ("“{column}”的组织机构代码校验位不正确。", "The check character of the code in {column} is wrong.")),
    _check("uscc_region", ("代码中的行政区划未知", "Unknown division in the code"),
           ("“{column}”第3至8位不在GB/T 2260内。", "Characters 3 to 8 of {column} are no division of GB/T 2260.")),
    _check("uscc_category", ("代码中的机构类别未知", "Unknown category in the code"),
           ("“{column}”第2位不是已知的机构类别。", "The second character of {column} is no known category.")),
    _check("regno_check", ("注册号校验不通过", "Registration number fails its check"),
           ("“{column}”的注册号校验位不正确。", "The check digit of the registration number in {column} is wrong.")),
    _check("number_form", ("证件号码格式不正确", "Malformed certificate number"),
           ("“{column}”不是可识别的证件号码。", "{column} is no certificate number that can be recognised.")),
    _check("citizen_birth", ("证件号码中的出生日期不存在", "Impossible birth in the number"),
           ("“{column}”中的出生日期不存在或晚于今天。", "The birth in {column} does not exist or lies in the future.")),
    _check("citizen_check", ("证件号码校验不通过", "Person's number fails its check"),
           ("“{column}”的校验位不正确。", "The check character of {column} is wrong.")),
    # Values
    _check("bad_date", ("日期不存在", "Impossible date"),
           ("“{column}”不是存在的日期。", "{column} is no date that exists.")),
    _check("month_only", ("日期只有年月", "Month without a day"),
           ("“{column}”只有年月，按当月1日计。", "{column} has no day; the first of the month is taken.")),
    _check("bad_amount", ("金额无法识别", "Unreadable amount"), ("“{column}”不是金额。", "{column} is no amount.")),
    _check("negative_amount", ("金额为负", "Negative amount"), ("“{column}”小于零。", "{column} is less than zero.")),
    _check("foreign_currency", ("外币金额", "Foreign currency"),
           ("“{column}”为外币，未折算为人民币。", "{column} is in a foreign currency and was not converted.")),
    _check("bad_percent", ("比例无法识别", "Unreadable percentage"),
           ("“{column}”不是比例。", "{column} is no percentage.")),
    _check("share_over_100", ("比例超过100%", "Share over 100 %"),
           ("“{column}”超过100%。", "{column} is over 100 %.")),
    _check("negative_share", ("比例为负", "Negative share"), ("“{column}”小于零。", "{column} is less than zero.")),
    _check("bad_integer", ("整数无法识别", "Unreadable whole number"),
           ("“{column}”不是整数。", "{column} is no whole number.")),
    _check("unknown_value", ("取值未知", "Unknown value"),
           ("“{column}”不是模板所列的取值。", "{column} is none of the values that the template lists.")),
    _check("bad_telephone", ("电话号码无法识别", "Unreadable telephone number"),
           ("“{column}”不是电话号码。", "{column} is no telephone number.")),
    _check("bad_email", ("电子邮箱无法识别", "Unreadable e-mail address"),
           ("“{column}”不是电子邮箱。", "{column} is no e-mail address.")),
    _check("missing_value", ("缺少必填值", "Required value missing"),
           ("“{column}”为空。", "{column} is empty.")),
    # Rows
    _check("no_party", ("无法识别主体", "Nobody is identified"),
           ("该行没有可识别主体的代码或名称（{column}）。", "The row does not tell who it is about ({column}).")),
    _check("end_before_start", ("结束早于开始", "Ends before it begins"),
           ("终止日期早于起始日期（{column}）。", "The end lies before the beginning ({column}).")),
    _check("self_holding", ("自持股", "Holds itself"),
           ("股东与被投资企业是同一主体。", "Holder and enterprise are the same entity.")),
    _check("shares_over_100", ("一户企业的出资比例合计超过100%", "Shares of one firm sum to over 100 %"),
           ("该企业现有股东的出资比例合计超过100%。", "The current holders' shares of this firm sum to over 100 %.")),
    _check("no_start", ("起始日期未知", "Start unknown"),
           ("没有起始日期，视为一直有效。", "There is no start; the fact counts as in force from ever.")),
    _check("unused", ("该行无可用内容", "Row of no use"),
           ("该行未产生任何事实。", "The row yields no fact.")),
)  # fmt: skip

CHECKS: dict[str, Check] = {c.code: c for c in _ALL}
"""Every check by its code."""


def title_of(code: str) -> str:
    """Title in both languages; a code that the reader coins itself is its own title."""
    return str(CHECKS[code].title) if code in CHECKS else code.replace("_", " ")
