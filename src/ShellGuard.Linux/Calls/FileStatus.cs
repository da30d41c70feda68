using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

/// <summary>What statx(2) says of an inode.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileStatus
{
    internal FileStatus(in Statx raw)
    {
        Type = (FileType)(raw.stx_mode & (uint)FileType.MT);
        Mode = raw.stx_mode & ModeBits.All;
        Links = raw.stx_nlink;
        Owner = raw.stx_uid;
        Group = raw.stx_gid;
        Inode = raw.stx_ino;
        Device = ((ulong)raw.stx_dev_major << 32) | raw.stx_dev_minor;
        Mount = raw.stx_mnt_id;
        Represents = ((ulong)raw.stx_rdev_major << 32) | raw.stx_rdev_minor;
        Size = (long)raw.stx_size;
        Blocks = (long)raw.stx_blocks;
        Accessed = new TimeSpec(raw.stx_atime.tv_sec, raw.stx_atime.tv_nsec);
        Modified = new TimeSpec(raw.stx_mtime.tv_sec, raw.stx_mtime.tv_nsec);
        Changed = new TimeSpec(raw.stx_ctime.tv_sec, raw.stx_ctime.tv_nsec);
        Born = (raw.stx_mask & (uint)StatxMask.BTIME) != 0
            ? new TimeSpec(raw.stx_btime.tv_sec, raw.stx_btime.tv_nsec)
            : null;
    }

    public FileType Type { get; init; }

    /// <summary>The twelve bits that chmod(2) sets.</summary>
    public uint Mode { get; init; }

    public uint Links { get; init; }

    public uint Owner { get; init; }

    public uint Group { get; init; }

    public ulong Inode { get; init; }

    /// <summary>The file system's device: major in the upper half, minor in the lower.</summary>
    public ulong Device { get; init; }

    /// <summary>The mount that the path led to; 0 where the kernel does not say (before Linux 5.8).</summary>
    public ulong Mount { get; init; }

    /// <summary>For a device node: which device, major in the upper half, minor in the lower.</summary>
    public ulong Represents { get; init; }

    /// <summary>In bytes.</summary>
    public long Size { get; init; }

    /// <summary>Allocated, in units of 512 bytes.</summary>
    public long Blocks { get; init; }

    public TimeSpec Accessed { get; init; }

    public TimeSpec Modified { get; init; }

    /// <summary>The last change of content or attributes; no call sets it back.</summary>
    public TimeSpec Changed { get; init; }

    /// <summary>When the inode was made; no call sets it. Null where the file system does not keep it.</summary>
    public TimeSpec? Born { get; init; }

    public bool IsDirectory => Type == FileType.DIR;

    public bool IsRegular => Type == FileType.REG;

    public bool IsSymbolicLink => Type == FileType.LNK;

    /// <summary>Whether both are the same inode of the same file system.</summary>
    public bool IsSameInode(in FileStatus other) => Inode == other.Inode && Device == other.Device;
}
