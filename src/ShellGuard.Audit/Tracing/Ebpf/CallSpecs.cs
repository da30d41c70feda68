using ShellGuard.Linux.Seccomp;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>What the programs know of <see cref="TracedCalls"/>: which numbers count, under which test, and what their
/// arguments point to.</summary>
internal sealed class CallSpecs
{
    /// <summary>The call by which a command says that it is to be followed: getpgrp(2), which has no arguments, with the
    /// word of this run in its first register.</summary>
    public const int Announcement = 111;

    /// <summary>socketcall(2) of 32-bit programs.</summary>
    public const int SocketCall = 102;

    private readonly byte[][] _entries = new byte[AllCalls][];
    private readonly List<TraceTest[]> _tests = [];

    public CallSpecs()
    {
        for (int i = 0; i < AllCalls; i++)
        {
            _entries[i] = new byte[SpecSize];
        }

        _entries[Announcement][SpecTraced] = Announces;
        foreach (TracedCall call in TracedCalls.All)
        {
            if (call.Name is "clone" or "clone3")
            {
                // The kernel tells of every new thread, whatever its parent asked for.
                continue;
            }

            if (call.Native != TracedCalls.None)
            {
                Fill(_entries[call.Native], call, call.NativeTests);
                _entries[call.Native][SpecTraced] |= TracedNative;
            }

            if (call.Compatible != TracedCalls.None)
            {
                Fill(_entries[NativeCalls + call.Compatible], call, call.CompatibleTests);
                _entries[call.Compatible][SpecTraced] |= TracedCompatible;
            }
        }
    }

    /// <summary>By number, the native ones first.</summary>
    public IReadOnlyList<byte[]> Entries => _entries;

    /// <summary>Tests of arguments; <see cref="SpecTest"/> is a place in this list, from 1.</summary>
    public IReadOnlyList<TraceTest[]> Tests => _tests;

    private void Fill(byte[] entry, TracedCall call, TraceTest[] tests)
    {
        entry[SpecTest] = (byte)TestOf(tests);
        entry[SpecProperties] = (byte)((call.ReturnsFile ? ReturnsFile : 0) | (call.Indirect ? Indirect : 0));
        for (int i = 0; i < call.Forms.Length; i++)
        {
            bool beforePath = i + 1 < call.Forms.Length && call.Forms[i + 1] == ArgumentForm.PathName;
            int way = call.Forms[i] switch
            {
                ArgumentForm.DirectoryFd when beforePath => DirectoryAndPath,
                ArgumentForm.DirectoryFd or ArgumentForm.Descriptor or ArgumentForm.Socket => CaptureLayout.File,
                ArgumentForm.PathName when i > 0 && call.Forms[i - 1] == ArgumentForm.DirectoryFd => 0,
                ArgumentForm.PathName or ArgumentForm.Text => Text,
                ArgumentForm.OpenHow => OpenHow,
                ArgumentForm.Arguments => Words,
                ArgumentForm.SocketAddress => SocketAddress,
                ArgumentForm.Message => Message,
                ArgumentForm.Messages => Messages,
                _ => 0,
            };
            if (way is OpenHow or Words or SocketAddress or Message or Messages)
            {
                entry[SpecSpecial] = (byte)way;
                entry[SpecSpecialIndex] = (byte)i;
            }
            else if (way != 0)
            {
                entry[i] = (byte)way;
            }
        }
    }

    private int TestOf(TraceTest[] tests)
    {
        if (tests.Length == 0)
        {
            return 0;
        }

        int known = _tests.FindIndex(each => each.AsSpan().SequenceEqual(tests));
        if (known < 0)
        {
            known = _tests.Count;
            _tests.Add(tests);
        }

        return known + 1;
    }
}
