//! Everything a person can ask for, as text: each answer with what was asked.

use super::plant::{Plants, chinese, word};
use crate::world::{Known, MODEL};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use engine::bulk::{Chosen, Deed};
use engine::export::Form;
use engine::file::{self, Format};
use engine::flow::Ways;
use engine::measure::Asked;
use engine::{Command, Error, Order, Place, Question, Result, Session, Wanted};
use model::definition::{BUILT_IN, RecordType};
use model::{Language, Name};
use serde_json::Value as Json;
use std::fmt::Debug;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

/// What was asked, and all that came back.
#[derive(Default)]
pub struct Answers(pub Vec<(String, String)>);

impl Answers {
    /// An answer or a refusal; anything but these is a fault of the engine's.
    fn keep<T: Debug>(&mut self, asked: String, answer: Result<T>) {
        let text = match answer {
            Ok(answer) => format!("{answer:?}"),
            Err(Error::Refused(refusal)) => {
                let said = [Language::EN, Language::ZH].map(|language| refusal.text(language));
                format!("{said:?} {refusal:?}")
            }
            Err(Error::Fault(fault)) => panic!("{asked}: {fault}"),
        };
        self.0.push((asked, text));
    }
}

/// All that this person asks for.
pub fn everything(session: &Session, plants: &Plants) -> Vec<(String, String)> {
    let mut answers = Answers::default();
    let holds =
        |t: &&Arc<RecordType>| plants.records.iter().any(|k| t.family.contains(&k.record_type));
    for definition in MODEL.record_types.values().filter(holds) {
        lists(session, definition, plants, &mut answers);
        files(session, definition, &mut answers);
        figures(session, definition, &mut answers);
    }
    for known in &plants.records {
        record(session, known, plants, &mut answers);
    }
    acts(session, plants, &mut answers);
    searches(session, plants, &mut answers);
    let mut from = 0;
    loop {
        let page = session.changes(from, 1000, &[]).unwrap();
        answers.keep(format!("changes from {from}"), Ok(&page.changes));
        if page.next == from {
            break;
        }
        from = page.next;
    }
    taken_elsewhere(session, &mut answers);
    answers.0
}

fn question(definition: &RecordType) -> Question {
    Question { record_type: definition.name.to_string(), ..Question::default() }
}

fn lists(session: &Session, definition: &RecordType, plants: &Plants, answers: &mut Answers) {
    let whole = Question {
        limit: Some(1000),
        count: Some(engine::COUNTED_AT_MOST),
        ..question(definition)
    };
    answers.keep(format!("list {}", definition.name), session.list(&whole));
    let past = Question { as_of: Some(plants.before_hiding), ..whole };
    answers.keep(format!("list of then {}", definition.name), session.list(&past));
    let built_in = BUILT_IN.iter().map(|name| (*name).to_string());
    let fields = definition.fields.keys().map(Name::to_string).chain(built_in);
    for (number, field) in fields.enumerate() {
        let sort = Some(if number % 2 == 0 { field.clone() } else { format!("-{field}") });
        let columns = Some(field);
        pages(session, Question { sort, columns, limit: Some(3), ..question(definition) }, answers);
    }
}

/// The first pages of a list, with what stands in their cursors.
fn pages(session: &Session, mut question: Question, answers: &mut Answers) {
    let asked = format!("list {} by {:?}", question.record_type, question.sort);
    for _ in 0..2 {
        let page = session.list(&question);
        let cursors = page.iter().flat_map(|page| [&page.next, &page.previous]).flatten();
        let cursors: Vec<Vec<u8>> = cursors.map(|text| BASE64.decode(text).unwrap()).collect();
        for cursor in cursors {
            let text = String::from_utf8(cursor).unwrap();
            answers.0.push((format!("cursor of {asked}"), text));
        }
        let next = page.as_ref().ok().and_then(|page| page.next.clone());
        answers.keep(asked.clone(), page);
        let Some(next) = next else { break };
        question.place = Place::After(next);
    }
}

fn files(session: &Session, definition: &RecordType, answers: &mut Answers) {
    for (format, names) in [(Format::Csv, true), (Format::Jsonl, false), (Format::Xlsx, false)] {
        let mut bytes = Vec::new();
        let form = Form { format, names };
        let written = session.export(&question(definition), form, &mut bytes);
        let text = match format {
            Format::Xlsx => workbook(&bytes),
            _ => String::from_utf8(bytes).unwrap(),
        };
        let asked = format!("export {} as {format:?}", definition.name);
        answers.keep(asked, written.map(|rows| (rows, text)));
    }
}

fn workbook(bytes: &[u8]) -> String {
    let reading = file::Reading::default();
    let rows = file::open(bytes, "list.xlsx", &reading);
    let Ok(rows) = rows else { return String::new() };
    rows.map(|row| format!("{row:?}")).collect()
}

fn figures(session: &Session, definition: &RecordType, answers: &mut Answers) {
    for measure in definition.measures.keys() {
        let asked = Asked::new(&definition.name, measure);
        let name = format!("measure {}.{measure}", definition.name);
        answers.keep(name.clone(), session.measure(&asked));
        for field in definition.fields.values().filter(|field| !field.searched) {
            let field = &field.name;
            let by = engine::measure::By::Field(field.to_string());
            let asked = Asked { by, per: engine::measure::Per::Whole, ..asked.clone() };
            answers.keep(format!("{name} by {field}"), session.measure(&asked));
        }
    }
    for claim in definition.evidence.keys() {
        let page = Question { limit: Some(1000), ..question(definition) };
        answers.keep(format!("claim {claim}"), session.claim(claim, &page));
    }
    let tracked = definition.fields.values().filter(|field| field.tracked);
    for field in tracked.map(|field| field.name.to_string()).chain(["state".to_string()]) {
        let record_type = definition.name.to_string();
        let ways = Ways { record_type, fields: vec![field.clone()], filter: None, top: 100 };
        answers.keep(format!("ways of {}.{field}", definition.name), session.ways(&ways));
    }
}

fn record(session: &Session, known: &Known, plants: &Plants, answers: &mut Answers) {
    let (of, id) = (known.record_type.as_str(), known.id.to_string());
    let name = format!("{of} {id}");
    for as_of in [None, Some(plants.before_hiding), Some(session.now())] {
        answers.keep(format!("read {name} as of {as_of:?}"), session.read(of, &id, as_of));
    }
    answers.keep(format!("history of {name}"), session.history(of, &id, None, 500));
    answers.keep(format!("moves of {name}"), session.moves(of, &id));
    answers.keep(format!("clocks of {name}"), session.clocks(of, &id));
    answers.keep(format!("files of {name}"), session.attachments(of, &id));
    for inverse in &MODEL.record_type(of).unwrap().inverses {
        let link = (inverse.from.as_str(), inverse.link.as_str());
        answers.keep(format!("{link:?} to {name}"), session.leading_here(of, &id, link));
    }
    let files = plants.tokens.iter().filter(|planted| planted.key == known.key);
    for sha256 in files.filter_map(|planted| planted.file.as_ref()) {
        let content = session.download(of, &id, sha256).and_then(|download| {
            let mut bytes = Vec::new();
            session.read_file(&download, &mut |part| {
                bytes.extend_from_slice(part);
                ControlFlow::Continue(())
            })?;
            Ok((download.file, String::from_utf8(bytes).unwrap()))
        });
        answers.keep(format!("file {sha256} of {name}"), content);
    }
    if of == "person" {
        answers.keep(format!("open work of {name}"), session.open_work(known.key));
    }
}

/// Acts that are only rehearsed: what they are refused for.
fn acts(session: &Session, plants: &Plants, answers: &mut Answers) {
    for known in &plants.records {
        let definition = MODEL.record_type(&known.record_type).unwrap();
        let moves = definition.transitions.keys().take(2).cloned();
        let moves = moves.map(|name| Command::Transition { name, values: vec![], note: None });
        let comment = |internal| Command::Comment { text: "heard".into(), internal };
        let links = definition.links.values().flat_map(|link| {
            let to = plants.records.iter().filter(|to| to.record_type == link.to);
            to.map(|to| Command::Link { link: link.name.clone(), to: to.key })
        });
        let unlinks = definition.links.keys().map(|link| {
            let to = plants.records[0].key;
            Command::Unlink { link: link.clone(), to }
        });
        let detach = plants.tokens.iter().filter(|planted| planted.key == known.key);
        let detach = detach.filter_map(|planted| planted.file.clone());
        let detach = detach.map(|sha256| Command::Detach { sha256 });
        let all = moves.chain([comment(false), comment(true), Command::Withdraw { note: None }]);
        for command in all.chain(links).chain(unlinks).chain(detach) {
            let asked = format!("{command:?} on {} {}", known.record_type, known.id);
            let record_type = known.record_type.clone();
            let key = Some(known.key);
            let order = Order { record_type, key, command, base: None, idempotency: None };
            answers.keep(asked, session.rehearse(&order));
        }
    }
    for definition in MODEL.record_types.values() {
        let ids = plants.records.iter().filter(|known| known.record_type == definition.name);
        let named = Chosen::Named(ids.map(|known| known.id.to_string()).collect());
        let edit = Command::Edit { values: Vec::new() };
        let deed = Deed { command: &edit, rehearse: true, idempotency: None };
        for chosen in [named, Chosen::Where("created_at is set".into())] {
            let done = session.bulk(&definition.name, &chosen, deed);
            answers.keep(format!("bulk {} {chosen:?}", definition.name), done);
        }
    }
}

fn searches(session: &Session, plants: &Plants, answers: &mut Answers) {
    for number in 0..plants.tokens.len() {
        // Every second in Chinese.
        let all = if number % 2 == 0 { [word(number)] } else { [chinese(number)] };
        for words in all {
            let wanted = Wanted { words: words.clone(), limit: 50, ..Wanted::default() };
            let hits = session.search(&wanted).map(|found| {
                let hits = found.hits.into_iter();
                hits.map(|hit| (snippet(&hit["snippet"]), hit)).collect::<Vec<_>>()
            });
            answers.keep(format!("search {words}"), hits);
        }
    }
}

/// A snippet without its marks, which may cut a token.
fn snippet(pieces: &Json) -> String {
    let pieces = pieces.as_array().cloned().unwrap_or_default();
    pieces.iter().filter_map(|piece| piece["text"].as_str()).collect()
}

/// Files in memory.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<Vec<u8>>>);

impl Write for Taken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn taken_elsewhere(session: &Session, answers: &mut Answers) {
    let taken = Taken::default();
    let done = session.export_everything(&mut |_| Ok(Box::new(taken.clone())));
    let text = String::from_utf8(taken.0.lock().unwrap().clone()).unwrap();
    assert!(done.is_ok(), "{done:?}");
    answers.keep("export of everything".into(), done.map(|done| (done, text)));
}
