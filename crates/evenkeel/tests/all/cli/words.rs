//! The words of the command line: help and errors in both languages, exit codes, settings and
//! where each comes from.

use super::program::Place;

#[test]
fn help_is_in_the_language_asked_for() {
    let place = Place::new();
    let english = place.good(&["user", "add", "--help"]);
    assert!(english.contains("Usage: evenkeel user add") && english.is_ascii(), "{english}");
    let chinese = place.good(&["user", "add", "--help", "--language", "zh"]);
    for wanted in ["用法：evenkeel user add", "选项:", "参数:", "添加人员及其账号"] {
        assert!(chinese.contains(wanted), "{wanted}: {chinese}");
    }
    assert!(!chinese.contains("OPTIONS") && !chinese.contains("Usage"), "{chinese}");
    let by_locale = place.command(&["--help"]).env("LANG", "zh_CN.UTF-8").output().unwrap();
    assert!(String::from_utf8(by_locale.stdout).unwrap().contains("命令:"));
}

#[test]
fn wrong_words_end_with_two_and_say_what_is_meant() {
    let place = Place::new();
    let wrong = place.run(&["vresions"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.out.is_empty() && wrong.err.contains("versions"), "{wrong:?}");
    let wrong = place.run(&["vresions", "--language", "zh"]);
    assert!(
        wrong.err.contains("没有命令“vresions”") && wrong.err.contains("versions"),
        "{wrong:?}"
    );
    let wrong = place.run(&["export", "--json"]);
    assert_eq!((wrong.code, wrong.error()["code"].as_str()), (2, Some("usage")), "{wrong:?}");
    assert_eq!(place.run(&[]).code, 2);
}

#[test]
fn settings_come_from_flag_environment_file_default_in_this_order() {
    let place = Place::new();
    place.write("data/evenkeel.toml", "listen = '127.0.0.1:1'\n[log]\nfilter = 'warn'\n");
    let source = |variable: Option<&str>, name: &str| {
        let mut command = place.command(&["settings", "--json"]);
        command.envs(variable.map(|value| ("EVENKEEL_LISTEN", value)));
        let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let lines =
            out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let line = lines.into_iter().find(|line| line["name"] == name).unwrap();
        (line["value"].as_str().unwrap().to_string(), line["source"].as_str().unwrap().to_string())
    };
    let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
    assert_eq!(source(None, "listen"), pair("127.0.0.1:1", "file"));
    assert_eq!(source(Some("127.0.0.1:2"), "listen"), pair("127.0.0.1:2", "environment"));
    assert_eq!(source(None, "log.filter"), pair("warn", "file"));
    assert_eq!(source(None, "log.format"), pair("text", "default"));
    assert_eq!(source(None, "data").1, "flag");
}

#[test]
fn unknown_settings_are_refused_with_the_one_that_is_meant() {
    let place = Place::new();
    let path = place.write("other.toml", "[ledger]\ncheckpoint = 'x'\n");
    let refused = place.run(&["settings", "--config", &path]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("\"ledger.checkpoints\""), "{refused:?}");
    let refused = place.command(&["settings"]).env("EVENKEEL_LISEN", "x").output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("EVENKEEL_LISTEN"), "{said}");
    let place = Place::new();
    place.write("data/evenkeel.toml", "[store]\nreaders = 'many'\n");
    let refused = place.run(&["versions", "--json"]);
    assert_eq!((refused.code, refused.error()["code"].as_str()), (1, Some("bad-setting")));
}

#[test]
fn secrets_are_not_shown() {
    let place = Place::new();
    let url = "postgresql://me:s3cret@127.0.0.1:1/x?password=s3cret";
    let shown = place.good(&["settings", "--database", url]);
    assert!(shown.contains("me@127.0.0.1") && !shown.contains("s3cret"), "{shown}");
    let refused = place.run(&["versions", "--database", url]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(!refused.err.contains("s3cret"), "{refused:?}");
}

#[test]
fn completions_know_every_command() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.good(&["completions", shell]);
        assert!(script.contains("rollback") && script.contains("password-stdin"), "{shell}");
    }
}
