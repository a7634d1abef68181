//! A small model, for the tests of this module and of `docs/expressions.md`; one record of it is in
//! `record`.

mod record;

pub(super) use record::{Record, instant, record};

use super::{Expression, Labels, LinkEnd, Place, check};
use crate::definition::*;
use crate::label::{Label, Language};
use crate::name::Name;
use std::sync::{Arc, LazyLock};

pub(super) fn name(text: &str) -> Name {
    Name::new(text).unwrap_or_else(|| panic!("`{text}` is no name"))
}

fn label(en: &str, zh: &str) -> Label {
    Label::new([(Language::EN, en.to_string()), (Language::ZH, zh.to_string())])
}

fn choices(of: &[(&str, &str, &str)]) -> Arc<Choices> {
    Arc::new(Choices(of.iter().map(|(key, en, zh)| (name(key), label(en, zh))).collect()))
}

fn levels() -> FieldKind {
    FieldKind::Choice(choices(&[
        ("low", "Low", "低"),
        ("medium", "Medium", "中"),
        ("high", "High", "高"),
    ]))
}

fn reference(to: &str) -> FieldKind {
    FieldKind::Reference { to: name(to) }
}

fn text() -> FieldKind {
    FieldKind::Text { max: 200 }
}

type Part<'a, T> = (&'a str, &'a str, &'a str, T);

fn field(of: &str, (key, en, zh, kind): Part<'_, FieldKind>) -> (Name, Field) {
    let field = Field::plain(name(key), label(en, zh), kind, name(of));
    (name(key), field)
}

/// A link with its far end and how it reads from there.
fn link(of: &str, (key, en, zh, (to, inverse)): Part<'_, (&str, Label)>) -> (Name, Link) {
    let link = Link {
        name: name(key),
        label: label(en, zh),
        inverse,
        to: name(to),
        many: true,
        declared_by: name(of),
    };
    (name(key), link)
}

fn state((key, en, zh): (&str, &str, &str)) -> (Name, State) {
    let label = label(en, zh);
    (name(key), State { name: name(key), label, category: Category::Active, editable: vec![] })
}

fn record_type(key: &str, fields: Vec<Part<'_, FieldKind>>) -> RecordType {
    RecordType {
        name: name(key),
        label: label(key, key),
        plural: label(key, key),
        help: None,
        process: name("example"),
        menu: None,
        place: None,
        icon: None,
        lineage: vec![name(key)],
        family: vec![name(key)],
        is_abstract: false,
        number: None,
        title: name("summary"),
        initial: None,
        sections: Named::default(),
        fields: fields.into_iter().map(|part| field(key, part)).collect(),
        links: Named::default(),
        inverses: Vec::new(),
        states: Named::default(),
        transitions: Named::default(),
        rules: Named::default(),
        approvals: Named::default(),
        clocks: Named::default(),
        role_scopes: Named::default(),
        permissions: Named::default(),
        evidence: Named::default(),
        lists: Named::default(),
        measures: Named::default(),
        matrices: Named::default(),
        indexes: Named::default(),
    }
}

fn change_fields() -> Vec<Part<'static, FieldKind>> {
    let kinds = choices(&[
        ("standard", "Standard", "标准变更"),
        ("normal", "Normal", "常规变更"),
        ("emergency", "Emergency", "紧急变更"),
    ]);
    let tags = choices(&[
        ("network", "Network", "网络"),
        ("database", "Database", "数据库"),
        ("security", "Security", "安全"),
    ]);
    let results = choices(&[
        ("successful", "Successful", "成功"),
        ("backed_out", "Backed out", "已回退"),
        ("failed", "Failed", "失败"),
    ]);
    let decimal = |places| FieldKind::Decimal { places, min: None, max: None };
    let markdown = || FieldKind::Markdown { max: 9000 };
    vec![
        ("summary", "Summary", "摘要", text()),
        ("reason", "Reason", "变更原因", markdown()),
        ("public_name", "Public name", "公开名称", FieldKind::LocalText { max: 200 }),
        ("kind", "Kind", "变更类型", FieldKind::Choice(kinds)),
        ("model", "Change model", "变更模型", reference("change_model")),
        ("requester", "Requested by", "申请人", reference("person")),
        ("service", "Service", "服务", reference("service")),
        ("major_impact", "Major impact", "重大影响", FieldKind::YesNo),
        ("outage", "Outage", "服务中断", FieldKind::YesNo),
        ("backout_tested", "Back-out tested", "回退已测试", FieldKind::YesNo),
        ("impact", "Impact", "影响度", levels()),
        ("likelihood", "Likelihood", "失败可能性", levels()),
        ("risk", "Risk", "风险", levels()),
        ("benefit", "Benefit", "业务收益", markdown()),
        ("assessment", "Assessment", "评估", markdown()),
        ("test_result", "Test result", "测试结果", markdown()),
        ("backout_plan", "Back-out plan", "回退计划", markdown()),
        ("review", "Review", "实施后评审", markdown()),
        ("cost", "Estimated cost", "预估成本", FieldKind::Money),
        ("budget", "Budget", "预算", FieldKind::Money),
        ("planned_start", "Planned start", "计划开始", FieldKind::Datetime),
        ("planned_end", "Planned end", "计划结束", FieldKind::Datetime),
        ("actual_start", "Actual start", "实际开始", FieldKind::Datetime),
        ("due_date", "Due", "截止日期", FieldKind::Date),
        ("reviewed_on", "Reviewed on", "评审日期", FieldKind::Date),
        ("effort", "Effort", "工作量", FieldKind::Integer { min: None, max: None }),
        ("ratio", "Ratio", "比率", decimal(2)),
        ("share", "Share", "占比", decimal(1)),
        ("grace", "Grace", "宽限", FieldKind::Duration),
        ("site", "Site", "地点", text()),
        ("tags", "Tags", "标签", FieldKind::MultiChoice(tags)),
        ("files", "Files", "附件", FieldKind::Attachment { many: true }),
        ("result", "Result", "变更结果", FieldKind::Choice(results)),
    ]
}

fn change() -> RecordType {
    let matrix = |key: &str| Matrix {
        name: name(key),
        rows: name("impact"),
        columns: name("likelihood"),
        cells: [["low", "low", "medium"], ["low", "medium", "high"], ["medium", "high", "high"]]
            .map(|row| row.map(name).to_vec())
            .to_vec(),
    };
    let states = [
        ("draft", "Draft", "草稿"),
        ("assessment", "In assessment", "评估中"),
        ("authorization", "Awaiting authorization", "待授权"),
        ("scheduled", "Scheduled", "已排期"),
        ("implementation", "In implementation", "实施中"),
        ("review", "In review", "评审中"),
        ("closed", "Closed", "已关闭"),
        ("rejected", "Rejected", "已拒绝"),
        ("cancelled", "Cancelled", "已取消"),
    ];
    let links = [
        ("affects", "Affects", "影响的配置项", ("configuration_item", label("Changed by", "变更"))),
        ("resolves", "Resolves", "解决的问题", ("problem", label("Resolved by", "由变更解决"))),
        ("caused", "Caused", "引发的事件", ("incident", label("Caused by", "由变更引发"))),
        (
            "transition_plan",
            "Service transition",
            "服务转换",
            ("service_transition", label("Change", "来源变更")),
        ),
    ];
    RecordType {
        states: states.into_iter().map(state).collect(),
        links: links.into_iter().map(|part| link("change", part)).collect(),
        inverses: vec![Inverse { from: name("incident"), link: name("caused_by") }],
        number: Some(NumberFormat {
            prefix: "CHG-".to_string(),
            digits: 6,
            suffix: String::new(),
            counter: name("change"),
        }),
        matrices: [(name("risk"), matrix("risk"))].into_iter().collect(),
        ..record_type("change", change_fields())
    }
}

/// The model: changes with what they point to.
pub(super) fn example() -> Model {
    let mut person = record_type("person", vec![("site", "Site", "地点", text())]);
    let (key, services) =
        link("person", ("services", "Services", "服务", ("service", label("Users", "用户"))));
    person.links.insert(key, services);
    let owner = ("owner", "Owner", "负责人", reference("person"));
    let mut service = record_type("service", vec![owner, ("name", "Name", "名称", text())]);
    let (key, supporters) = link(
        "service",
        ("supporters", "Supporters", "支持人员", ("person", label("Supports", "支持"))),
    );
    service.links.insert(key, supporters);
    let manager = ("manager", "Manager", "管理人", reference("person"));
    let mut item = record_type("configuration_item", vec![manager]);
    item.states = [("live", "Live", "运行中"), ("retired", "Retired", "已退役")].map(state).into();
    let (key, owners) = link(
        "configuration_item",
        ("owners", "Owners", "负责人", ("person", label("Owns", "负责"))),
    );
    item.links.insert(key, owners);
    let mut server = record_type("server", vec![]);
    server.lineage.push(name("configuration_item"));
    let mut incident = record_type("incident", vec![("summary", "Summary", "摘要", text())]);
    let caused =
        ("caused_by", "Caused by", "由变更引发", ("change", label("Incidents", "引发的事件")));
    incident.links.insert(name("caused_by"), link("incident", caused).1);
    let mut model = Model::default();
    for plain in ["problem", "change_model", "service_transition"] {
        model.record_types.insert(name(plain), record_type(plain, vec![]).into());
    }
    for record_type in [change(), person, service, item, server, incident] {
        model.record_types.insert(record_type.name.clone(), record_type.into());
    }
    let roles = [("requester", "Requester", "申请人"), ("auditor", "Auditor", "审计员")];
    for (key, en, zh) in roles {
        let (everybody, administers) = (false, false);
        let role = Role { name: name(key), label: label(en, zh), everybody, administers };
        model.roles.insert(name(key), role);
    }
    let binding = Binding { record: name("person"), parts: Named::default() };
    model.bindings.purposes.insert(name("person"), binding);
    model
}

/// The model, made once.
pub(super) fn shared() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(example);
    &MODEL
}

/// Labels for expressions over changes.
pub(super) struct ExampleLabels<'m>(&'m Model, Language);

pub(super) fn labels(model: &Model, language: Language) -> ExampleLabels<'_> {
    ExampleLabels(model, language)
}

impl ExampleLabels<'_> {
    fn of(&self, of: Option<&str>) -> Option<&Arc<RecordType>> {
        self.0.record_type(of.unwrap_or("change"))
    }

    fn shown(&self, label: Option<&Label>, name: &str) -> String {
        label.map_or(name, |label| label.text(self.1)).to_string()
    }
}

impl Labels for ExampleLabels<'_> {
    fn field(&self, of: Option<&str>, field: &str) -> String {
        let state = label("State", "状态");
        let declared = self.of(of).and_then(|of| {
            let own = of.fields.get(field).map(|field| &field.label);
            own.or_else(|| of.links.get(field).map(|link| &link.label))
        });
        self.shown(declared.or_else(|| (field == "state").then_some(&state)), field)
    }

    fn choice(&self, of: Option<&str>, field: &str, choice: &str) -> Option<String> {
        let of = self.of(of)?;
        let label = match of.fields.get(field).map(|field| &field.kind) {
            Some(FieldKind::Choice(all) | FieldKind::MultiChoice(all)) => all.0.get(choice),
            Some(_) => None,
            None => of.states.get(choice).map(|state| &state.label),
        };
        label.map(|label| self.shown(Some(label), choice))
    }

    fn link(&self, end: &LinkEnd) -> String {
        let link = self.of(Some(&end.from)).and_then(|from| from.links.get(&end.link));
        let label = link.map(|link| if end.inverse { &link.inverse } else { &link.label });
        self.shown(label, &end.link)
    }

    fn role(&self, role: &str) -> String {
        self.shown(self.0.roles.get(role).map(|found| &found.label), role)
    }

    fn person(&self) -> Option<String> {
        Some("person".to_string())
    }
}

/// The expression over changes of the example; a slip fails the test.
pub(super) fn checked(text: &str, place: Place) -> Expression {
    match check(text, "change", place, None, shared()) {
        Ok(expression) => expression,
        Err(slips) => panic!("{text}: {slips:?}"),
    }
}
