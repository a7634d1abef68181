//! A directory for a rig: Debian's `slapd` on a loopback port, with three people and two groups. It
//! speaks STARTTLS with a certificate of the tests. `EVENKEEL_SLAPD` names a folder that the
//! package was unpacked to, where it is not installed.

use crate::support::folder;
use crate::support::process::run;
use crate::support::server::free_address;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The password of whoever searches.
pub const SEARCHER: &str = "the searcher of the rig";
/// The passwords of Lin Yu, and of the administrator, who has another one in the house.
pub const LIN: &str = "a secret of the directory";
pub const OTHER: &str = "another word of the directory";
const START: Duration = Duration::from_secs(20);

const PEOPLE: &str = "dn: dc=rig
objectClass: dcObject
objectClass: organization
o: Rig
dc: rig

dn: uid=searcher,dc=rig
objectClass: account
objectClass: simpleSecurityObject
uid: searcher
userPassword: the searcher of the rig

dn: uid=lin.yu,dc=rig
objectClass: inetOrgPerson
uid: lin.yu
cn: 林雨
sn: 林
mail: lin.yu@rig.example
userPassword: a secret of the directory

dn: uid=rig.administrator,dc=rig
objectClass: inetOrgPerson
uid: rig.administrator
cn: Somebody Else
sn: Else
userPassword: another word of the directory

dn: uid=otto*,dc=rig
objectClass: inetOrgPerson
uid: otto*
cn: Otto Stern
sn: Stern
userPassword: a star in the directory

dn: cn=Desk,dc=rig
objectClass: groupOfNames
cn: Desk
member: uid=lin.yu,dc=rig

dn: cn=Heads,dc=rig
objectClass: groupOfNames
cn: Heads
member: uid=searcher,dc=rig
";

pub struct Slapd {
    child: Child,
    address: SocketAddr,
}

impl Slapd {
    pub fn start(folder: &Path) -> Result<Slapd, String> {
        let root = std::env::var_os("EVENKEEL_SLAPD").map_or(PathBuf::from("/"), PathBuf::from);
        let program = root.join("usr/sbin/slapd");
        if !program.exists() {
            let how = "install Debian's package slapd, or say --no-directory";
            return Err(format!("{}: not found; {how}", program.display()));
        }
        let folder = folder.join("slapd");
        let said = |error: std::io::Error| format!("slapd: {error}");
        fs::create_dir_all(folder.join("data")).map_err(said)?;
        fs::write(folder.join("slapd.conf"), configuration(&root, &folder)).map_err(said)?;
        fs::write(folder.join("people.ldif"), PEOPLE).map_err(said)?;
        let command = || {
            let mut command = Command::new(&program);
            command.env("LD_LIBRARY_PATH", root.join("usr/lib/x86_64-linux-gnu"));
            command
        };
        let (file, people) = (folder.join("slapd.conf"), folder.join("people.ldif"));
        run(command().arg("-Tadd").arg("-f").arg(&file).arg("-l").arg(people))?;
        let address = free_address()?;
        let mut serve = command();
        serve.arg("-f").arg(&file).args(["-d", "0", "-h", &format!("ldap://{address}")]);
        let child = serve.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(said)?;
        let slapd = Slapd { child, address };
        let begin = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begin.elapsed() > START {
                return Err("slapd does not answer".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(slapd)
    }

    /// The settings of the program that use it.
    pub fn settings(&self) -> String {
        let (port, certificate) = (self.address.port(), certificate("one.pem"));
        format!(
            "[ldap]\n\
             url = 'ldap://localhost:{port}'\n\
             certificates = '{}'\n\
             bind_dn = 'uid=searcher,dc=rig'\n\
             bind_password = '{SEARCHER}'\n\
             base = 'dc=rig'\n\
             group_base = 'dc=rig'\n\
             unknown = 'create'\n\
             [ldap.roles]\n\
             'cn=Desk,dc=rig' = 'service_desk_agent'\n\
             'cn=Heads,dc=rig' = 'service_level_manager'\n",
            certificate.display()
        )
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn certificate(name: &str) -> PathBuf {
    folder::root().join("crates/web/tests/tls").join(name)
}

fn configuration(root: &Path, folder: &Path) -> String {
    let schemas = ["core", "cosine", "inetorgperson"].map(|name| {
        let path = root.join("etc/ldap/schema").join(format!("{name}.schema"));
        format!("include {}\n", path.display())
    });
    format!(
        "{}modulepath {}\n\
         moduleload back_mdb\n\
         TLSCertificateFile {}\n\
         TLSCertificateKeyFile {}\n\
         security simple_bind=128\n\
         database mdb\n\
         suffix dc=rig\n\
         directory {}\n\
         access to attrs=userPassword by anonymous auth by * none\n\
         access to * by dn.exact=uid=searcher,dc=rig read by * none\n",
        schemas.concat(),
        root.join("usr/lib/ldap").display(),
        certificate("one.pem").display(),
        certificate("one.key.pem").display(),
        folder.join("data").display(),
    )
}
