//! What the server stands on: a folder, or a small disk whose power can be cut.
//!
//! The disk is an ext4 file system in a file, mounted through a loop device. Its shutdown call
//! without a flush of the log drops whatever was not synchronised, as a power cut does, and the
//! next mount recovers from the journal. It needs root and the right to mount.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::server::run;

/// Where the server's folder is.
#[derive(Debug)]
pub enum Ground {
    /// A folder on the disk of this machine; processes die on it, the power never.
    Folder(tempfile::TempDir),
    /// A disk of its own.
    Disk(Disk),
}

impl Ground {
    /// The folder to work in.
    pub fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) => folder.path(),
            Self::Disk(disk) => &disk.mount,
        }
    }
}

/// A mounted file system in a file.
#[derive(Debug)]
pub struct Disk {
    image: PathBuf,
    mount: PathBuf,
    is_mounted: bool,
    /// Holds the image and the mount point; the file system goes first.
    _folder: tempfile::TempDir,
}

impl Disk {
    /// Why there can be no such disk here, if there cannot.
    pub fn obstacle() -> Option<String> {
        let attempt = || -> Result<()> {
            let mut disk = Self::create()?;
            fs::write(disk.mount.join("probe"), "probe")?;
            disk.arm()?.cut()?;
            disk.mount_again()
        };
        attempt().err().map(|error| format!("{error:#}"))
    }

    /// Makes and mounts an empty disk.
    pub fn create() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("dreiklang-disk-")
            .tempdir()?;
        let (image, mount) = (folder.path().join("image"), folder.path().join("mount"));
        fs::create_dir(&mount)?;
        // Sparse: it takes what is written to it.
        fs::File::create(&image)?.set_len(IMAGE_BYTES)?;
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image))?;
        let mut disk = Self {
            image,
            mount,
            is_mounted: false,
            _folder: folder,
        };
        disk.mount_disk()?;
        Ok(disk)
    }

    /// Takes the switch in hand, so that a cut is quick when its moment has come.
    pub fn arm(&self) -> Result<Switch> {
        let child = Command::new("python3")
            .args(["-c", SHUTDOWN])
            .arg(&self.mount)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start python3")?;
        Ok(Switch { child })
    }

    /// Gives the power back.
    pub fn mount_again(&mut self) -> Result<()> {
        self.unmount()?;
        self.mount_disk()
    }

    fn mount_disk(&mut self) -> Result<()> {
        let mut mount = Command::new("mount");
        mount.args(["-o", "loop"]).arg(&self.image).arg(&self.mount);
        run(&mut mount).context("a loop mount was refused")?;
        self.is_mounted = true;
        Ok(())
    }

    fn unmount(&mut self) -> Result<()> {
        let mut result = Ok(());
        // A dying process may hold the disk a moment longer than it is there to be waited for.
        for _ in 0..UNMOUNT_ATTEMPTS_MAX {
            result = run(Command::new("umount").arg(&self.mount));
            if result.is_ok() {
                self.is_mounted = false;
                return Ok(());
            }
        }
        result.context("cannot unmount")
    }
}

/// The switch of a disk's power.
#[derive(Debug)]
pub struct Switch {
    child: Child,
}

impl Switch {
    /// Cuts the power. What runs on the disk sees errors from here on, and must be killed before
    /// the power comes back.
    pub fn cut(mut self) -> Result<()> {
        // The end of its input is the signal.
        drop(self.child.stdin.take());
        let output = self.child.wait_with_output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            bail!("cannot cut the power: {}", said.trim_end());
        }
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted && self.unmount().is_err() {
            // Better a forgotten mount without a name than one in the way of removing the folder.
            let _ = run(Command::new("umount").arg("--lazy").arg(&self.mount));
        }
    }
}

/// Whether a program is there at all.
pub fn require(program: &str) -> Result<()> {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|it| it.join(program).is_file()));
    if !found {
        bail!("{program} is not installed");
    }
    Ok(())
}

const IMAGE_BYTES: u64 = 1 << 30;
const UNMOUNT_ATTEMPTS_MAX: usize = 50;

/// The call needs raw pointers in Rust, which this workspace forbids; Python has it built in.
/// `EXT4_IOC_SHUTDOWN` is `_IOR('X', 125, __u32)`; 2 means: without flushing the log.
const SHUTDOWN: &str = "\
import fcntl, os, struct, sys
place = os.open(sys.argv[1], os.O_RDONLY)
sys.stdin.read()
fcntl.ioctl(place, 0x8004587D, struct.pack('I', 2))
os.close(place)
";
