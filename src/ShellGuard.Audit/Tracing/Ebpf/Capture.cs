using System.Buffers.Binary;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using ShellGuard.Linux.Handles;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>The programs in the kernel and their maps. All of it goes when this is disposed, or when this process ends in
/// whichever way: nothing is pinned.</summary>
internal sealed class Capture : IDisposable
{
    private readonly List<BpfMap> _maps = [];
    private readonly List<LoadedProgram> _programs = [];
    private readonly List<Descriptor> _links = [];
    private readonly RingBuffer _ring;

    /// <param name="word">By which a command announces itself.</param>
    /// <param name="ringSize">Bytes for events that wait to be read: a power of two, at least a page.</param>
    /// <param name="cgroup">A directory of a control group (version 2) whose processes are followed; null for none.</param>
    /// <exception cref="TraceException">The kernel or our rights do not allow it.</exception>
    public Capture(ulong word, int ringSize, Descriptor? cgroup)
    {
        if (!KernelTypes.TryRead(out KernelTypes? types))
        {
            throw new TraceException(
                "the eBPF tracer needs the kernel's description of itself, /sys/kernel/btf/vmlinux; use --backend ptrace");
        }

        KernelLayout kernel = new(types!);
        CallSpecs specs = new();
        try
        {
            AddMap(BPF_MAP_TYPE.ARRAY, "calls", SpecSize, AllCalls);
            AddMap(BPF_MAP_TYPE.HASH, "threads", ThreadSize, MaxThreads);

            // Each program has a scratch map of its own in this place: one may be interrupted by another.
            AddMap(BPF_MAP_TYPE.PERCPU_ARRAY, "scratch", ScratchSize, 1);
            AddMap(BPF_MAP_TYPE.RINGBUF, "events", 0, ringSize);
            AddMap(BPF_MAP_TYPE.ARRAY, "counts", sizeof(ulong), CountSize);
            AddMap(BPF_MAP_TYPE.ARRAY, "state", StateSize, 1);
            if (cgroup is not null)
            {
                AddMap(BPF_MAP_TYPE.CGROUP_ARRAY, "cgroup", sizeof(uint), 1);
                Check(_maps[Cgroup].Write(Key(0), BitConverter.GetBytes(cgroup.Number)));
            }

            for (int i = 0; i < AllCalls; i++)
            {
                if (specs.Entries[i].AsSpan().ContainsAnyExcept((byte)0))
                {
                    Check(_maps[Calls].Write(Key(i), specs.Entries[i]));
                }
            }

            _ring = new RingBuffer(_maps[Events], ringSize);

            // The verifier reads the two at calls longest, each on a processor of its own. What begins to follow is last.
            Task<LoadedProgram> enter = Task.Run(
                () => Load("sys_enter", new EnterCode(kernel, ringSize, specs, word, cgroup is not null)));
            try
            {
                Attach("sys_exit", Load("sys_exit", new LeaveCode(kernel, ringSize)));
                Attach("sched_process_fork", Load("sched_process_fork", new ForkCode(kernel, ringSize)));
                Attach("sched_process_exec", Load("sched_process_exec", new ExecCode(kernel, ringSize)));
                Attach("sched_process_exit", Load("sched_process_exit", new ExitCode(kernel, ringSize)));
            }
            finally
            {
                ((IAsyncResult)enter).AsyncWaitHandle.WaitOne();
            }

            Attach("sys_enter", enter.GetAwaiter().GetResult());
        }
        catch
        {
            DisposeAll();
            throw;
        }
    }

    /// <summary>Readable when much waits in the ring.</summary>
    public Descriptor Waiting => _maps[Events];

    /// <summary>Events that found the ring full, and calls that a program missed because it ran already.</summary>
    public long Lost
    {
        get
        {
            ulong lost = CountOf(LostEvents);
            foreach (LoadedProgram program in _programs)
            {
                Check(program.ReadMisses(out ulong misses));
                lost += misses;
            }

            return (long)lost;
        }
    }

    /// <summary>Threads that were not followed, because there were too many.</summary>
    public long NotFollowed => (long)CountOf(LostThreads);

    /// <summary>Hands over every event that is there.</summary>
    public int Read(Action<ReadOnlySpan<byte>> read) => _ring.Read(read);

    /// <summary>The processes that are followed and live, by our numbers; one number for each thread.</summary>
    public IReadOnlyList<int> LiveProcesses()
    {
        List<int> processes = [];
        byte[] key = [];
        byte[] next = new byte[sizeof(uint)];
        byte[] value = new byte[ThreadSize];
        while (processes.Count < MaxThreads && _maps[Threads].NextKey(key, next).Succeeded)
        {
            key = [.. next];
            if (_maps[Threads].Read(key, value).Succeeded)
            {
                processes.Add(BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(ThreadProcess)));
            }
        }

        return processes;
    }

    public void Dispose()
    {
        _ring.Dispose();
        DisposeAll();
    }

    private void DisposeAll()
    {
        _links.ForEach(link => link.Dispose());
        _programs.ForEach(program => program.Dispose());
        _maps.ForEach(map => map.Dispose());
    }

    private static byte[] Key(int number) => BitConverter.GetBytes(number);

    private static BpfMap Make(BPF_MAP_TYPE type, string name, int size, int entries)
    {
        int keySize = type == BPF_MAP_TYPE.RINGBUF ? 0 : sizeof(uint);
        Check(BpfMap.Create(type, $"shellguard_{name}"[..Math.Min(15, name.Length + 11)], keySize, size, entries, out BpfMap? map));
        return map!;
    }

    private void AddMap(BPF_MAP_TYPE type, string name, int size, int entries) => _maps.Add(Make(type, name, size, entries));

    private LoadedProgram Load(string tracepoint, CaptureCode code)
    {
        List<BpfMap> maps = [.. _maps];
        using BpfMap scratch = Make(BPF_MAP_TYPE.PERCPU_ARRAY, "scratch", ScratchSize, 1);
        maps[Scratch] = scratch;
        LinuxResult loaded = LoadedProgram.Load(
            BPF_PROG_TYPE.RAW_TRACEPOINT, "shellguard", code.Assemble(), maps, out LoadedProgram? program, out string log);
        if (log.Length > 0)
        {
            string[] lines = log.TrimEnd().Split('\n');
            throw new TraceException(
                $"the kernel refuses the program for {tracepoint}: {loaded.Error}: {string.Join("; ", lines[^Math.Min(3, lines.Length)..])}; use --backend ptrace",
                Errno.None);
        }

        Check(loaded);
        lock (_programs)
        {
            _programs.Add(program!);
        }

        return program!;
    }

    private void Attach(string tracepoint, LoadedProgram program)
    {
        Check(program.Attach(tracepoint, out Descriptor link));
        _links.Add(link);
    }

    private ulong CountOf(int what)
    {
        byte[] value = new byte[sizeof(ulong)];
        Check(_maps[Counts].Read(Key(what), value));
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    private static void Check(LinuxResult result)
    {
        if (result.Failed)
        {
            throw new TraceException(
                result.Error == Errno.EPERM
                    ? $"the kernel does not allow eBPF here ({result}): it is for root outside of containers; use --backend ptrace"
                    : $"the eBPF tracer failed: {result}; use --backend ptrace");
        }
    }
}
