using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_ALU;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>What a descriptor is open on, as <c>/proc/PID/fd</c> would tell us: a path from our root directory, else from
/// the top of the mounts that it is in.</summary>
internal abstract partial class CaptureCode
{
    protected const int AT_FDCWD = -100;
    private const int S_IFMT = 0xf000, S_IFSOCK = 0xc000;

    // The function's stack.
    private const int Temporary = -8, Entry = -16, Mount = -24, RootEntry = -32, RootMount = -40, MountRoot = -48, Record = -56,
        Above = -64, Names = -128;

    private readonly BpfLabel _descriptor = new() { Parameters = 2 };

    /// <summary>Adds a record for a descriptor.</summary>
    protected void CaptureDescriptor(BpfRegister descriptor, int argument)
    {
        Code.Copy(R1, descriptor);
        Code.Set(R2, argument << 16);
        Code.Call(_descriptor);
    }

    /// <summary>R1: the descriptor, an <c>int</c>; R2: tag.</summary>
    private void WriteDescriptor()
    {
        BpfLabel missing = new();
        BpfLabel directory = new();
        BpfLabel walk = new();
        BpfLabel socket = new();
        BpfLabel finish = new();
        BpfLabel full = new();
        Code.Here(_descriptor);
        Code.Copy(R7, R1);
        Code.Copy(R8, R2);
        FindScratch(R6, full);
        Code.Compute(LSH, R7, 32);
        Code.Compute(ARSH, R7, 32);
        Code.Compute(OR, R8, Descriptor);
        Code.Load(W, R1, R6, EventSize);
        Code.If(R1, JGT, Limit, full);
        Code.Store(DW, R10, Record, R1);
        Code.Copy(R2, R6);
        Code.Compute(ADD, R2, R1);
        Code.Store(W, R2, RecordTag, R8);
        Code.Store(DW, R2, RecordAddress, R7);
        Code.Store(DW, R2, FileInode, 0);
        Code.Store(DW, R2, FileMagic, 0);
        Code.Compute(ADD, R1, FileRest);
        Code.Store(W, R6, EventSize, R1);

        Code.Call(BPF_FUNC.get_current_task);
        Code.Copy(R9, R0);
        Code.If(R7, JEQ, AT_FDCWD, directory);
        Code.If(R7, JSLT, 0, missing);
        Follow(R8, R9, "task_struct.files");
        Follow(R8, R8, "files_struct.fdt");
        FollowNumber(R1, R8, "fdtable.max_fds");
        Code.If(R7, JGE, R1, missing);
        Follow(R8, R8, "fdtable.fd");
        Code.Compute(LSH, R7, 3);
        Code.Compute(ADD, R8, R7);
        Code.Store(DW, R10, Temporary, 0);
        ReadKernel(Temporary, sizeof(ulong), R8, 0);
        Code.Load(DW, R8, R10, Temporary);
        Code.If(R8, JEQ, 0, missing);
        ReadPath(R8, "file.f_path");
        Follow(R9, R8, "file.f_inode");
        Follow(R7, R9, "inode.i_ino");
        FollowRecord(R2);
        Code.Store(DW, R2, FileInode, R7);
        FollowNumber(R7, R9, "inode.i_mode");
        FollowRecord(R2);
        Code.Store(H, R2, FileModeBits, R7);
        Code.Compute(AND, R7, S_IFMT);
        Code.If(R7, JEQ, S_IFSOCK, socket);
        Follow(R7, R9, "inode.i_sb");
        FollowNumber(R7, R7, "super_block.s_magic");
        FollowRecord(R2);
        Code.Store(W, R2, FileMagic, R7);
        Code.Jump(walk);

        Code.Here(directory);
        Follow(R8, R9, "task_struct.fs");
        ReadPath(R8, "fs_struct.pwd");
        Code.Here(walk);
        WriteWalk(finish);

        Code.Here(socket);
        WriteSocket(finish);

        Code.Here(missing);
        SetFlag(FileMissing);
        Code.Here(finish);
        FollowRecord(R2);
        Code.Load(W, R1, R6, EventSize);
        Code.Copy(R3, R1);
        Code.Load(DW, R4, R10, Record);
        Code.Compute(SUB, R3, R4);
        Code.Compute(SUB, R3, RecordData);
        Code.Store(W, R2, RecordLength, R3);
        Code.Compute(ADD, R1, 7);
        Code.Compute(AND, R1, -8);
        Code.Store(W, R6, EventSize, R1);
        Code.Here(full);
        Code.Set(R0, 0);
        Code.Exit();
    }

    /// <summary>Puts a <c>struct path</c> on the stack.</summary>
    private void ReadPath(BpfRegister from, string path)
    {
        Code.Store(DW, R10, Mount, 0);
        Code.Store(DW, R10, Entry, 0);
        ReadKernel(Mount, sizeof(ulong), from, Kernel[path] + Kernel["path.mnt"]);
        ReadKernel(Entry, sizeof(ulong), from, Kernel[path] + Kernel["path.dentry"]);
    }

    /// <summary>The record's address, for the verifier once more below the limit.</summary>
    private void FollowRecord(BpfRegister to)
    {
        BpfLabel good = new();
        Code.Load(DW, R1, R10, Record);
        Code.If(R1, JLE, Limit, good);
        Code.Set(R0, 0);
        Code.Exit();
        Code.Here(good);
        Code.Copy(to, R6);
        Code.Compute(ADD, to, R1);
    }

    private void SetFlag(int flag)
    {
        FollowRecord(R2);
        Code.Load(H, R1, R2, FileFlags);
        Code.Compute(OR, R1, flag);
        Code.Store(H, R2, FileFlags, R1);
    }

    /// <summary>Adds the names from the last to the first. R6: scratch; the path is on the stack.</summary>
    private void WriteWalk(BpfLabel finish)
    {
        int parent = Kernel["dentry.d_parent"];
        int name = Kernel["dentry.d_name.name"];
        int first = Math.Min(parent, name);
        int length = Math.Max(parent, name) + sizeof(ulong) - first;
        if (length > Above - Names)
        {
            throw new TraceException("the eBPF tracer does not know this kernel: struct dentry is another one; use --backend ptrace");
        }

        BpfLabel hashed = new();
        BpfLabel next = new();
        BpfLabel inside = new();
        BpfLabel cross = new();
        BpfLabel append = new();
        BpfLabel nameless = new();
        BpfLabel cut = new();
        BpfLabel noRoot = new();
        Code.Store(W, R10, Temporary, 0);
        Find(State, Temporary);
        Code.If(R0, JEQ, 0, noRoot);
        Code.Load(DW, R1, R0, StateRootMount);
        Code.Store(DW, R10, RootMount, R1);
        Code.Load(DW, R1, R0, StateRootEntry);
        Code.Store(DW, R10, RootEntry, R1);
        Code.Load(DW, R8, R10, Entry);
        Code.Load(DW, R9, R10, Mount);
        Follow(R1, R9, "vfsmount.mnt_root", MountRoot);
        Follow(R1, R8, "dentry.d_hash.pprev");
        Code.If(R1, JNE, 0, hashed);

        // A file system's root has no name either.
        Follow(R1, R8, "dentry.d_parent");
        Code.If(R1, JEQ, R8, hashed);
        SetFlag(FileDeleted);
        Code.Here(hashed);
        Code.Set(R7, 0);

        Code.Here(next);
        Code.If(R7, JGE, MaxDepth, cut);
        Code.Compute(ADD, R7, 1);
        Code.Load(DW, R1, R10, RootEntry);
        Code.If(R8, JNE, R1, inside);
        Code.Load(DW, R1, R10, RootMount);
        Code.If(R9, JEQ, R1, finish);
        Code.Here(inside);
        Code.Load(DW, R1, R10, MountRoot);
        Code.If(R8, JEQ, R1, cross);
        for (int slot = Names; slot < Names + length; slot += sizeof(ulong))
        {
            Code.Store(DW, R10, slot, 0);
        }

        ReadKernel(Names, length, R8, first);
        Code.Load(DW, R8, R10, Names + parent - first);
        Code.Load(DW, R1, R10, Entry);
        Code.If(R8, JEQ, R1, nameless);
        Code.Here(append);
        Code.Store(DW, R10, Entry, R8);
        Code.Load(W, R1, R6, EventSize);
        Code.If(R1, JGT, Limit + PathMax, cut);
        Code.Compute(ADD, R1, R6);
        Code.Set(R2, NameMax);
        Code.Load(DW, R3, R10, Names + name - first);
        Code.Call(BPF_FUNC.probe_read_kernel_str);
        Code.If(R0, JSLT, 1, cut);
        Code.Load(W, R1, R6, EventSize);
        Code.Compute(ADD, R1, R0);
        Code.Store(W, R6, EventSize, R1);
        Code.Jump(next);

        // The root of a mount: on to where it is mounted. At the top a mount is its own parent.
        Code.Here(cross);
        Code.Compute(SUB, R9, Kernel["mount.mnt"]);
        Follow(R8, R9, "mount.mnt_mountpoint");
        Follow(R1, R9, "mount.mnt_parent", Above);
        Code.If(R1, JEQ, R9, finish);
        Code.Store(DW, R10, Entry, R8);
        Code.Copy(R9, R1);
        Code.Compute(ADD, R9, Kernel["mount.mnt"]);
        Follow(R1, R9, "vfsmount.mnt_root", MountRoot);
        Code.Jump(next);

        // An entry that is its own parent and no mount's root: a pipe, a memfd, an event counter, a lost directory.
        Code.Here(nameless);
        SetFlag(FileNameless);
        Code.Load(W, R1, R6, EventSize);
        Code.If(R1, JGT, Limit + PathMax, cut);
        Code.Compute(ADD, R1, R6);
        Code.Set(R2, NameMax);
        Code.Load(DW, R3, R10, Names + name - first);
        Code.Call(BPF_FUNC.probe_read_kernel_str);
        Code.If(R0, JSLT, 1, cut);
        Code.Load(W, R1, R6, EventSize);
        Code.Compute(ADD, R1, R0);
        Code.Store(W, R6, EventSize, R1);
        Code.Jump(finish);

        Code.Here(cut);
        Code.Here(noRoot);
        SetFlag(FileCut);
        Code.Jump(finish);
    }

    /// <summary>R6: scratch; R8: the open file.</summary>
    private void WriteSocket(BpfLabel finish)
    {
        SetFlag(FileSocket);
        Follow(R8, R8, "file.private_data");
        Follow(R8, R8, "socket.sk");
        ReadToRecord(SocketFamily, sizeof(ushort), "sock.__sk_common.skc_family");
        ReadToRecord(SocketType, sizeof(ushort), "sock.sk_type");
        ReadToRecord(SocketProtocol, sizeof(ushort), "sock.sk_protocol");
        ReadToRecord(SocketPort, sizeof(ushort), "sock.__sk_common.skc_num");
        FollowRecord(R2);
        Code.Load(H, R1, R2, SocketFamily);
        BpfLabel four = new();
        BpfLabel done = new();
        Code.If(R1, JNE, (int)AF.INET6, four);
        ReadToRecord(SocketBytes, 16, "sock.__sk_common.skc_v6_rcv_saddr");
        Code.Jump(done);
        Code.Here(four);
        ReadToRecord(SocketBytes, sizeof(uint), "sock.__sk_common.skc_rcv_saddr");
        Code.Here(done);
        Code.Load(W, R1, R6, EventSize);
        Code.Compute(ADD, R1, SocketEnd - FileRest);
        Code.Store(W, R6, EventSize, R1);
        Code.Jump(finish);
    }

    private void ReadToRecord(int to, int size, string path)
    {
        FollowRecord(R2);
        Code.Copy(R1, R2);
        Code.Compute(ADD, R1, to);
        Code.Set(R2, size);
        Code.Copy(R3, R8);
        Code.Compute(ADD, R3, Kernel[path]);
        Code.Call(BPF_FUNC.probe_read_kernel);
    }
}
