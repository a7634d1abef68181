//! Which configuration items there are: data centres with their racks, network, storage, servers,
//! virtual machines, databases, applications, workplaces and cash machines, and what rests on what.

use super::fields::{Fields, fields};
use super::services::{Entry, entries};
use super::stage::Stage;
use engine::Result;

/// One item to be written down.
#[derive(Debug, Clone, Default)]
pub struct Thing {
    pub record_type: &'static str,
    pub name: String,
    pub about: String,
    pub kind: &'static str,
    pub service: String,
    pub team: String,
    pub place: String,
    pub owner: String,
    pub criticality: String,
    pub environment: &'static str,
    pub planned: bool,
    pub depends_on: Vec<String>,
    pub connected_to: Vec<String>,
    pub part_of: Option<String>,
    pub given: Fields,
}

/// Sites: short name, place, how many hypervisors, core switches, access switches.
const SITES: [(&str, &str, usize); 3] =
    [("sha", "dc_sha", 12), ("bj", "dc_bj", 6), ("fra", "dc_fra", 6)];
/// Offices and branches, with the site they hang on.
const OFFICES: [(&str, &str); 8] = [
    ("sha", "sha"),
    ("ljz", "sha"),
    ("xh", "sha"),
    ("bj", "bj"),
    ("cy", "bj"),
    ("fra", "fra"),
    ("fra1", "fra"),
    ("zrh", "fra"),
];

pub fn things(stage: &mut Stage) -> Result<Vec<Thing>> {
    let mut all = Vec::new();
    SITES.iter().for_each(|site| centre(&mut all, *site));
    OFFICES.iter().for_each(|office| outside(&mut all, *office));
    let services = entries()?;
    for (place, service) in services.iter().enumerate() {
        carry(&mut all, service, place);
    }
    for item in stage.people.clone().iter().filter(|person| person.login != "monitoring") {
        all.push(workplace(&item.login, &item.place, &item.language, stage)?);
    }
    spare(&mut all);
    Ok(all)
}

fn thing(record_type: &'static str, kind: &'static str, name: String, about: &str) -> Thing {
    let (criticality, environment) = ("high".to_string(), "production");
    let about = about.to_string();
    Thing { record_type, kind, name, about, criticality, environment, ..Thing::default() }
}

fn network(name: String, device: &'static str, ports: i64, about: &str, number: usize) -> Thing {
    let (product, version, service) = match device {
        "firewall" => ("Wallgate 4800", "7.2.11", "data_centre_network"),
        "router" => ("Farline 9100", "12.4.3", "wide_area_network"),
        "access_point" => ("Airhall 600", "3.9.0", "campus_network"),
        "load_balancer" => ("Evenload X2", "16.1.2", "data_centre_network"),
        _ => ("Switchworks 5500", "10.3.2", "data_centre_network"),
    };
    let mut thing = thing("network_device", device, name, about);
    thing.service = service.into();
    thing.team = "network".into();
    thing.given = fields()
        .text("device_kind", device)
        .text("network_address", &format!("10.{}.{}.1", 16 + number % 8, number))
        .text("product", product)
        .text("product_version", version)
        .text("firmware", version)
        .text("serial_number", &format!("N{:07}", 4_301_007 + number * 613))
        .whole("port_count", ports);
    thing
}

/// A data centre: racks, core of the network, storage, hypervisors, database servers.
fn centre(all: &mut Vec<Thing>, (site, place, hypervisors): (&str, &str, usize)) {
    let room = |thing: Thing| Thing { place: place.into(), ..thing };
    let whole = format!("dc-{site}");
    let about = "Data centre with two power feeds 双路供电数据中心";
    let mut centre = room(thing("configuration_item", "centre", whole.clone(), about));
    centre.team = "servers".into();
    centre.service = "server_platform".into();
    centre.given = fields().text("product", "Data centre").text("product_version", "2");
    all.push(centre);
    for rack in 1..=3 {
        let mut rack = room(thing(
            "configuration_item",
            "rack",
            format!("rack-{site}-{rack:02}"),
            "Rack 42 U 机柜",
        ));
        rack.team = "servers".into();
        rack.part_of = Some(whole.clone());
        rack.criticality = "medium".into();
        all.push(rack);
    }
    let number = all.len();
    for (device, count, ports) in
        [("switch", 4, 48), ("firewall", 2, 16), ("load_balancer", 2, 16), ("router", 2, 24)]
    {
        for each in 1..=count {
            let name = format!("{}-{site}-{each:02}", short(device));
            let about = format!("{device} in data centre {site} 数据中心网络设备");
            let mut device = network(name, device, ports, &about, number + each * 5);
            device.part_of = Some(format!("rack-{site}-{:02}", 1 + each % 3));
            if short(device.kind) != "csw" {
                device.connected_to = vec![format!("csw-{site}-01"), format!("csw-{site}-02")];
            }
            all.push(room(device));
        }
    }
    for each in 1..=3 {
        all.push(room(storage(site, each)));
    }
    for each in 1..=hypervisors {
        all.push(room(server(site, "hv", each, "Hypervisor 虚拟化主机")));
    }
    for each in 1..=4 {
        all.push(room(server(site, "dbs", each, "Database server 数据库服务器")));
    }
}

fn short(device: &str) -> &'static str {
    match device {
        "firewall" => "fw",
        "load_balancer" => "lb",
        "router" => "rt",
        "access_point" => "ap",
        _ => "csw",
    }
}

fn storage(site: &str, each: usize) -> Thing {
    let (kind, product) = match each {
        1 | 2 => ("disk_array", "Deepstore 900"),
        _ => ("tape_library", "Longshelf T40"),
    };
    let about = "Storage of the data centre 数据中心存储";
    let mut array = thing("storage", "storage", format!("sto-{site}-{each:02}"), about);
    array.team = "servers".into();
    array.service = "storage_service".into();
    array.criticality = "vital".into();
    array.part_of = Some(format!("rack-{site}-{:02}", 1 + each % 3));
    array.connected_to = vec![format!("csw-{site}-03")];
    array.given = fields()
        .text("storage_kind", kind)
        .text("redundancy", "Mirrored 双副本")
        .text("product", product)
        .text("product_version", "5.2")
        .text("serial_number", &format!("S{site}{:05}", 77_120 + each));
    array
}

fn server(site: &str, kind: &'static str, each: usize, about: &str) -> Thing {
    let mut server = thing("server", kind, format!("{kind}-{site}-{each:02}"), about);
    server.team = "servers".into();
    let service = if kind == "hv" { "server_platform" } else { "database_platform" };
    server.service = service.into();
    server.part_of = Some(format!("rack-{site}-{:02}", 1 + each % 3));
    server.connected_to = vec![format!("csw-{site}-{:02}", 1 + each % 4)];
    server.depends_on = vec![format!("sto-{site}-{:02}", 1 + each % 2)];
    server.given = fields()
        .text("host_name", &format!("{kind}{each:02}.{site}.chaoyu.example"))
        .whole("processor_count", 64)
        .whole("memory_gigabytes", if kind == "hv" { 1024 } else { 512 })
        .text("operating_system", "Enterprise Linux 9.4")
        .text("product", "Bladeframe R750")
        .text("product_version", "3")
        .text("serial_number", &format!("H{site}{:05}", 20_410 + each * 17))
        .text("rack_position", &format!("U{:02}", 4 + each * 2));
    server
}

/// An office or branch: its router, switches, wireless, cash machines, printer.
fn outside(all: &mut Vec<Thing>, (office, site): (&str, &str)) {
    let number = all.len();
    let mut router = network(
        format!("rt-{office}-wan"),
        "router",
        8,
        "Line to the data centre 专线路由器",
        number,
    );
    router.connected_to = vec![format!("rt-{site}-01")];
    let mut others = vec![router];
    for each in 1..=3 {
        let name = format!("sw-{office}-{each:02}");
        let mut switch = network(name, "switch", 48, "Floor switch 楼层交换机", number + each * 11);
        switch.service = "campus_network".into();
        switch.criticality = "medium".into();
        switch.connected_to = vec![format!("rt-{office}-wan")];
        others.push(switch);
    }
    for each in 1..=2 {
        let name = format!("ap-{office}-{each:02}");
        let mut point = network(name, "access_point", 1, "Wireless 无线接入点", number + each * 7);
        point.criticality = "medium".into();
        point.connected_to = vec![format!("sw-{office}-{each:02}")];
        others.push(point);
    }
    for each in 1..=3 {
        let mut machine = thing(
            "configuration_item",
            "atm",
            format!("atm-{office}-{each:02}"),
            "Cash machine 自助存取款机",
        );
        machine.team = "network".into();
        machine.service = "atm".into();
        machine.connected_to = vec![format!("sw-{office}-03")];
        machine.given = fields()
            .text("product", "Cashpoint 7")
            .text("product_version", "4.4")
            .text("serial_number", &format!("Q{office}{:04}", 3300 + each));
        others.push(machine);
    }
    all.extend(others.into_iter().map(|thing| Thing { place: office.into(), ..thing }));
}

/// What carries one service: databases, machines, applications.
fn carry(all: &mut Vec<Thing>, service: &Entry, place: usize) {
    let site = if place % 4 == 3 { "fra" } else { "sha" };
    let of = |thing: Thing| Thing {
        service: service.key.clone(),
        criticality: service.criticality.clone(),
        place: format!("dc_{site}"),
        ..thing
    };
    let short = service.key.replace('_', "-");
    let mut databases = Vec::new();
    for (each, at) in [(1, site), (2, "bj")].into_iter().filter(|_| service.database) {
        let name = format!("{short}-db-{each:02}");
        let mut base = of(thing("database", "db", name.clone(), "Database and its replica 数据库"));
        base.team = "applications".into();
        base.place = format!("dc_{at}");
        base.depends_on = vec![format!("dbs-{at}-{:02}", 1 + place % 4), format!("sto-{at}-01")];
        base.connected_to = if each == 2 { vec![format!("{short}-db-01")] } else { Vec::new() };
        base.given = fields()
            .text("database_system", "PostgreSQL 17")
            .text("database_address", &format!("{name}.{at}.chaoyu.example:5432"))
            .whole("size_gigabytes", 400 + 130 * i64::try_from(place).unwrap_or(0))
            .text("backup_schedule", "Daily 01:30, logs every 15 min 每日全备，日志每 15 分钟")
            .text("product", "PostgreSQL")
            .text("product_version", "17.4");
        databases.push(name);
        all.push(base);
    }
    for (app, machines) in &service.apps {
        let mut tier = Vec::new();
        for each in 1..=*machines {
            tier.push(format!("{app}-{each:02}"));
            all.push(of(machine(service, app, site, each)));
        }
        let mut whole = of(thing("application", "app", app.clone(), &service.en));
        whole.about = format!("{}: {app}. {}应用。", service.en, service.zh);
        whole.team = service.team.clone();
        whole.owner = service.owner.clone();
        whole.depends_on = tier.into_iter().chain(databases.iter().cloned()).collect();
        whole.connected_to = vec![format!("lb-{site}-01")];
        whole.given = fields()
            .text("software_kind", "business")
            .text("web_address", &format!("https://{app}.chaoyu.example/"))
            .text("product", app)
            .text("product_version", &format!("{}.{}.0", 2 + place % 5, place % 9))
            .whole("user_count", 200 + 45 * i64::try_from(place).unwrap_or(0));
        all.push(whole);
    }
}

fn machine(service: &Entry, app: &str, site: &str, each: i64) -> Thing {
    let name = format!("{app}-{each:02}");
    let mut machine = thing("virtual_machine", "vm", name.clone(), "Virtual machine 虚拟机");
    machine.team = if service.team == "applications" { "servers" } else { &service.team }.into();
    let count = if site == "sha" { 12 } else { 6 };
    let spread = app.bytes().map(i64::from).sum::<i64>() + each;
    machine.depends_on = vec![format!("hv-{site}-{:02}", 1 + spread % count)];
    machine.given = fields()
        .text("guest_name", &format!("{name}.{site}.chaoyu.example"))
        .whole("virtual_processors", 8)
        .whole("virtual_memory_gigabytes", 32)
        .text("guest_system", "Enterprise Linux 9.4")
        .text("platform", "Virtual platform 8")
        .text("product", "Virtual machine")
        .text("product_version", "8.0");
    machine
}

fn workplace(login: &str, place: &str, language: &str, stage: &Stage) -> Result<Thing> {
    let about =
        if language == "zh" { "员工笔记本电脑" } else { "Laptop of a member of staff" };
    let name = format!("pc-{}", login.replace('.', "-"));
    let mut laptop = thing("workstation", "workstation", name, about);
    laptop.team = "servers".into();
    laptop.place = place.into();
    laptop.service = "workplace".into();
    laptop.criticality = "low".into();
    laptop.given = fields()
        .text("workstation_kind", "laptop")
        .key("used_by", stage.known("person", login)?)
        .text("workstation_system", "Desk 11")
        .yes("disk_encrypted")
        .text("product", "Slimbook 14");
    Ok(laptop)
}

/// Machines for tests, and some that are only planned.
fn spare(all: &mut Vec<Thing>) {
    for each in 1..=12 {
        let name = format!("test-{each:02}");
        let mut machine = thing("virtual_machine", "test", name, "Machine for tests 测试机");
        machine.team = "servers".into();
        machine.place = "dc_sha".into();
        machine.criticality = "low".into();
        machine.environment = if each % 3 == 0 { "acceptance" } else { "test" };
        machine.depends_on = vec![format!("hv-sha-{each:02}")];
        machine.planned = each > 9;
        all.push(machine);
    }
}
