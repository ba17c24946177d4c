//! `demo`: an open and a closed instance side by side, with an organisation on each and two people
//! in each of the three apps, kept in one folder and started again from it.
//!
//! At the end this process becomes a shell that keeps both servers and passes signals on.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::built;
use crate::machine;
use crate::shell::{cargo, command, output, run as start, say};
use crate::web;

mod apps;
mod office;
mod site;
mod story;

use office::Office;
use site::{Running, Site};
use story::{Person, lines};

const FOLDER: &str = "demo-data";

/// Prepares everything, explains it, and becomes the servers.
pub fn run(arguments: &[String]) -> Result<()> {
    let options = Options::read(arguments)?;
    let demo = prepare(&options)?;
    if options.only_rehearse {
        return demo.talk();
    }
    let invitations = demo.sites.each_ref().map(Office::invitation);
    for line in lines(&demo, &invitations) {
        say(&line);
    }
    let mut both = command("sh");
    both.args(["-c", BOTH, "sh"]);
    for site in &demo.sites {
        let server = site.server();
        both.arg(server.get_program());
        both.args(server.get_args());
        let set = server
            .get_envs()
            .filter_map(|(key, value)| Some((key, value?)));
        both.envs(set);
    }
    let error = both.stdin(Stdio::null()).exec();
    Err(error).context("cannot become the servers")
}

/// Each server is three words: the program, `--config` and its file. The shell waits until both
/// have ended, and a signal to it is one to them.
const BOTH: &str = r#"
"$1" "$2" "$3" & one=$!
"$4" "$5" "$6" & other=$!
trap 'kill -TERM $one $other 2>/dev/null' INT TERM HUP
wait $one $other
wait
"#;

/// Which build of the two programs to take.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Build {
    Development,
    Release,
    /// What the test stages have built already.
    Tested,
}

/// What the command line says.
pub struct Options {
    folder: PathBuf,
    build: Build,
    only_rehearse: bool,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            folder: env::current_dir()?.join(FOLDER),
            build: Build::Development,
            only_rehearse: false,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--release" => options.build = Build::Release,
                "--stop-after" => options.only_rehearse = true,
                "--data-dir" => {
                    let folder = rest.next().context("--data-dir needs a folder")?;
                    options.folder = env::current_dir()?.join(folder);
                }
                other => bail!("demo does not know {other:?}"),
            }
        }
        Ok(options)
    }
}

/// The binaries, the folder, both instances, and who lives there.
struct Demo {
    binaries: PathBuf,
    folder: PathBuf,
    sites: [Site; 2],
    offices: [Office; 2],
    people: Vec<Person>,
    reused: bool,
}

/// Builds the programs, and makes the instances and their people unless they are there.
fn prepare(options: &Options) -> Result<Demo> {
    let binaries = build(options.build)?;
    if options.build != Build::Tested {
        build_apps()?;
    }
    let folder = &options.folder;
    let apps = built::web()?;
    let sites = ["open", "closed"].map(|kind| Site::new(&binaries, folder, &apps, kind));
    let reused = sites.iter().all(Site::exists);
    for site in &sites {
        if !site.exists() {
            site.make()?;
        }
        site.open_apps()?;
    }
    let [open, closed] = &sites;
    let known = || -> Option<_> {
        let offices = [Office::read(open).ok()?, Office::read(closed).ok()?];
        Some((offices, story::known(&binaries, folder)?))
    };
    let (offices, people) = match known() {
        Some(found) => found,
        None => make_people(&binaries, folder, &sites)?,
    };
    Ok(Demo {
        binaries,
        folder: folder.clone(),
        sites,
        offices,
        people,
        reused,
    })
}

/// Starts both servers for as long as it takes to make organisations and people.
fn make_people(
    binaries: &Path,
    folder: &Path,
    sites: &[Site; 2],
) -> Result<([Office; 2], Vec<Person>)> {
    let [open, closed] = sites;
    let running = [
        Running::start(open.server())?,
        Running::start(closed.server())?,
    ];
    let offices = [
        Office::make(open, "Bakery Sunrise", &["bob", "bea"])?,
        Office::make(closed, "Clinic Lakeside", &["carol", "chris"])?,
    ];
    let people = story::make(binaries, folder, sites, &offices)?;
    for (office, site) in offices.iter().zip(sites) {
        office.furnish(site, &people)?;
    }
    for server in running {
        server.stop()?;
    }
    Ok((offices, people))
}

/// Builds the two programs; returns the folder they are in.
fn build(build: Build) -> Result<PathBuf> {
    const PACKAGES: [&str; 2] = ["--package=dreiklang-server", "--package=dreiklang-cli"];
    machine::prepare()?;
    say("Building the server and the terminal app; the first time takes some minutes.");
    match build {
        Build::Development => {
            say("This is the development build; --release makes a faster one.");
            start(cargo(&["build", "--locked"]).args(PACKAGES))?;
            built::folder("debug")
        }
        Build::Release => {
            start(cargo(&["build", "--locked", "--release"]).args(PACKAGES))?;
            built::folder("release")
        }
        Build::Tested => built::programs(),
    }
}

/// Builds the apps in the browser, if this machine can: the rest of the demonstration needs none.
fn build_apps() -> Result<()> {
    match machine::prepare_web() {
        Err(error) => say(&format!("Without the apps in the browser: {error:#}")),
        Ok(()) => {
            web::build(web::Wishes::default())?;
        }
    }
    Ok(())
}

impl Demo {
    /// Each of the people writes to their colleague, who receives it; then everything stops.
    fn talk(&self) -> Result<()> {
        let running = [
            Running::start(self.sites[0].server())?,
            Running::start(self.sites[1].server())?,
        ];
        for pair in self.people.chunks(2) {
            let [one, other] = pair else {
                bail!("somebody has no colleague")
            };
            let text = format!("Hello from {}", one.name);
            start(one.app(&self.binaries, &self.folder).args([
                "send",
                &other.identity,
                &text,
                "--wait",
                "sent",
            ]))?;
            let received = output(
                other
                    .app(&self.binaries, &self.folder)
                    .args(["receive", "--until-idle"]),
            )?;
            if !received.contains(&text) {
                bail!(
                    "{} sent {text:?}, {} received: {received:?}",
                    one.name,
                    other.name
                );
            }
        }
        for server in running {
            server.stop()?;
        }
        say("Three pairs of people have talked, each in their app.");
        Ok(())
    }
}

/// The demonstration as CI sees it: made in an empty folder, then found again there.
pub fn rehearse() -> Result<()> {
    let folder = tempfile::Builder::new()
        .prefix("dreiklang-demo-")
        .tempdir()?;
    let options = Options {
        folder: folder.path().join("new"),
        build: Build::Tested,
        only_rehearse: true,
    };
    let made = prepare(&options)?;
    let found = prepare(&options)?;
    if made.reused || !found.reused || made.people != found.people || made.offices != found.offices
    {
        bail!("the second start did not find what the first one made");
    }
    found.talk()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_are_read() {
        let options = Options::read(&words("--release --data-dir /there/it --stop-after")).unwrap();
        assert_eq!(options.build, Build::Release);
        assert_eq!(options.folder, Path::new("/there/it"));
        assert!(options.only_rehearse);
        assert!(Options::read(&words("--data-dir")).is_err());
        assert!(Options::read(&words("--fast")).is_err());
        assert!(Options::read(&[]).unwrap().folder.ends_with(FOLDER));
    }
}
