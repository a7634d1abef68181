//! Money: an amount with its currency, in the places of that currency. Amounts are not converted
//! here or anywhere: two currencies do not compare.

use super::{FieldType, Names, Slip, Style, digits, mend};
use model::definition::FieldKind;
use model::value::Currency;
use model::{Value, value};
use serde_json::{Map, Value as Json, json};

const EN: &str =
    "write an amount and its currency, as in {\"amount\": \"100.00\", \"currency\": \"CNY\"}";
const ZH: &str = "请填写金额和币种，例如 {\"amount\": \"100.00\", \"currency\": \"CNY\"}";

/// The currencies of ISO 4217 in use, and two that others replaced lately. A list, because a
/// mistyped code would otherwise be an amount in a currency that does not exist.
const CURRENCIES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND \
    BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN \
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD \
    JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT \
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR \
    RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND \
    TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW \
    ZWG";

/// `money`.
pub struct Money;

impl FieldType for Money {
    fn read(&self, _: &FieldKind, json: &Json, _: &dyn Names) -> Result<Value, Slip> {
        match json {
            Json::Object(object) => parts(object),
            other => Err(mend::shape(other, EN, ZH)),
        }
    }

    fn read_text(&self, _: &FieldKind, text: &str, _: &dyn Names) -> Result<Value, Slip> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [first, second] = words.as_slice() else {
            return Err(mend::unfit(text, "is not an amount; write CNY 100.00", SHAPE_ZH));
        };
        match currency(first) {
            Ok(currency) => amount(currency, second),
            Err(slip) => match currency(second) {
                Ok(currency) => amount(currency, first),
                Err(_) => Err(slip),
            },
        }
    }

    fn show(&self, _: &FieldKind, value: &Value, _: &dyn Names) -> Json {
        let Value::Money(money) = value else { return Json::Null };
        let amount = digits::show(money.minor, money.currency.places());
        json!({ "amount": amount, "currency": money.currency.as_str() })
    }

    fn text(&self, _: &FieldKind, value: &Value, _: &Style) -> String {
        let Value::Money(money) = value else { return String::new() };
        let currency = money.currency;
        format!("{} {}", currency.as_str(), digits::show(money.minor, currency.places()))
    }

    fn schema(&self, _: &FieldKind, writing: bool) -> Json {
        let text = json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,3})?$" });
        let amount = if writing { json!({ "anyOf": [text, { "type": "number" }] }) } else { text };
        json!({
            "type": "object",
            "properties": {
                "amount": amount,
                "currency": { "type": "string", "pattern": "^[A-Z]{3}$" },
            },
            "required": ["amount", "currency"],
            "additionalProperties": false,
        })
    }
}

const SHAPE_ZH: &str = "不是金额，请写成 CNY 100.00";

fn parts(object: &Map<String, Json>) -> Result<Value, Slip> {
    if let Some(other) = object.keys().find(|key| *key != "amount" && *key != "currency") {
        return Err(mend::unfit(
            other,
            &format!("is not a part of money; {EN}"),
            "不是金额的组成部分",
        ));
    }
    let (Some(given), Some(code)) = (object.get("amount"), object.get("currency")) else {
        return Err(Slip::new(format!("A part is missing; {EN}."), format!("内容不完整；{ZH}。")));
    };
    let Json::String(code) = code else { return Err(mend::shape(code, EN, ZH)) };
    let currency = currency(code)?;
    match given {
        Json::String(text) => amount(currency, text),
        Json::Number(number) => {
            let places = currency.places();
            let slip = |bad| digits::slip(bad, &number.to_string(), places);
            let minor = digits::from_json(number, places).map_err(slip)?;
            Ok(Value::Money(value::Money { minor, currency }))
        }
        other => Err(mend::shape(other, EN, ZH)),
    }
}

fn currency(code: &str) -> Result<Currency, Slip> {
    let known = CURRENCIES.split_whitespace().any(|known| known == code);
    Currency::new(code).filter(|_| known).ok_or_else(|| {
        let en = "is not a currency in use; write its three letters, as in CNY, EUR or USD";
        mend::unfit(code, en, "不是现行币种，请填写三个大写字母的代码，例如 CNY、EUR、USD")
    })
}

fn amount(currency: Currency, text: &str) -> Result<Value, Slip> {
    let places = currency.places();
    let minor = digits::units(text, places).map_err(|bad| digits::slip(bad, text, places))?;
    Ok(Value::Money(value::Money { minor, currency }))
}
