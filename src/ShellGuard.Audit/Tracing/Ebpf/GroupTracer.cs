using System.Buffers.Binary;
using System.Security.Cryptography;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Traces the processes of a control group, a service or a container that runs already, and what they start,
/// until it is stopped or the group has no process any more. It ends nothing.</summary>
public sealed class GroupTracer : ITracer
{
    /// <summary>Milliseconds between two looks at the group.</summary>
    private const int Patience = 100;

    private readonly string _group;
    private readonly Capture _capture;
    private readonly EventReader _reader;
    private readonly ManualResetEventSlim _stop = new();

    /// <param name="group">A directory of a control group of version 2.</param>
    /// <param name="options">Program and arguments do not count.</param>
    /// <exception cref="TraceException">It is no such directory, or the kernel or our rights do not allow it.</exception>
    public GroupTracer(string group, TraceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _group = group;
        if (!IsPopulated())
        {
            throw new TraceException($"{group} is no control group of version 2 with processes in it");
        }

        LinuxResult opened = Files.Open(group, OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory);
        using (directory)
        {
            if (opened.Failed)
            {
                throw new TraceException($"{group} cannot be opened: {opened.Error}");
            }

            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
            _capture = new Capture(word, options.RingSize, directory);
            _reader = new EventReader(_capture, options);

            // The programs learn our root directory and pid namespace, and follow nobody before.
            Processes.Announce(word);
        }
    }

    public int Process => 0;

    public TraceResult Run()
    {
        _reader.Start();
        while (!_stop.Wait(Patience) && IsPopulated())
        {
        }

        _reader.Stop();
        return new TraceResult(new ProcessExit(0, null), _reader.Finish([]));
    }

    public void Stop() => _stop.Set();

    public void Dispose()
    {
        _reader.Dispose();
        _capture.Dispose();
        _stop.Dispose();
    }

    private bool IsPopulated()
    {
        Span<byte> events = stackalloc byte[256];
        LinuxResult read = ProcFile.Read($"{_group}/cgroup.events", events);
        return read.Succeeded && events[..(int)read.Value].IndexOf("populated 1"u8) >= 0;
    }
}
