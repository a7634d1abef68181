//! What is said of words that do not fit: clap's own text in English, ours in Chinese.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use model::Language;

/// A help text or the version.
pub fn help(error: &clap::Error, language: Language) -> String {
    let text = error.render().to_string();
    if language == Language::ZH { text.replace("[OPTIONS]", "[选项]") } else { text }
}

/// Why the words do not fit, with how they would.
pub fn usage(error: &clap::Error, language: Language) -> String {
    if language != Language::ZH {
        return error.render().to_string();
    }
    let mut text = format!("错误：{}\n", reason(error));
    let hint =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    if let Some(meant) = hint.into_iter().map(|kind| said(error, kind)).find(|s| !s.is_empty()) {
        text += &format!("\n  您是指“{meant}”吗？\n");
    }
    let usage = said(error, ContextKind::Usage);
    let usage = usage.trim_start_matches("Usage:").trim();
    if !usage.is_empty() {
        text += &format!("\n用法：{}\n", usage.replace("[OPTIONS]", "[选项]"));
    }
    text + "\n使用 --help 查看说明。\n"
}

fn reason(error: &clap::Error) -> String {
    let argument = said(error, ContextKind::InvalidArg);
    let value = said(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有命令“{}”", said(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("无法识别的参数“{argument}”"),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{argument}"),
        ErrorKind::MissingSubcommand => "缺少命令".into(),
        ErrorKind::InvalidValue if value.is_empty() => format!("“{argument}”缺少值"),
        ErrorKind::InvalidValue => {
            let valid = said(error, ContextKind::ValidValue);
            let valid = if valid.is_empty() { valid } else { format!("；可用：{valid}") };
            format!("“{argument}”的值“{value}”无效{valid}")
        }
        ErrorKind::ValueValidation => format!("“{argument}”的值“{value}”无效"),
        ErrorKind::ArgumentConflict => {
            format!("“{argument}”不能与“{}”同时使用", said(error, ContextKind::PriorArg))
        }
        ErrorKind::NoEquals => format!("“{argument}”需要写成 名称=值"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("“{argument}”的值的个数不对")
        }
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文本".into(),
        _ => "命令行无法识别".into(),
    }
}

fn said(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    }
}
