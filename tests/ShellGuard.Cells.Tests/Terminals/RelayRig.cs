using System.Text;
using ShellGuard.Cells.Terminals;
using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Tests.Terminals;

/// <summary>A relay between two real pseudo-terminals: the test is the person at <see cref="Person"/> and the cell's
/// program at <see cref="Program"/>.</summary>
internal sealed class RelayRig : IDisposable
{
    private readonly Descriptor _userSlave;
    private readonly Descriptor _master;
    private readonly StringBuilder _seen = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    internal RelayRig(Func<RelayOptions>? options = null, bool interactive = true, WindowSize? size = null)
    {
        Terminal.OpenMaster("/dev/ptmx", out Descriptor person).OrThrow();
        Person = person;
        Terminal.OpenSlave(person, out _userSlave).OrThrow();
        Terminal.SetSize(person, size ?? new WindowSize(80, 24)).OrThrow();
        Terminal.GetAttributes(person, out TerminalAttributes before).OrThrow();
        Before = before;

        Terminal.OpenMaster("/dev/ptmx", out _master).OrThrow();
        Terminal.OpenSlave(_master, out Descriptor program).OrThrow();
        Program = program;
        DescriptorIo.Duplicate(_userSlave.Number, out Descriptor shared).OrThrow();
        User = UserTerminal.Open(shared, interactive);
        Relay = new TerminalRelay(User, _master, options?.Invoke() ?? new RelayOptions { FilterOutput = false });
        Relay.Start();
    }

    internal Descriptor Person { get; }

    internal Descriptor Program { get; }

    internal UserTerminal User { get; }

    internal TerminalRelay Relay { get; }

    internal TerminalAttributes Before { get; }

    internal TerminalAttributes PersonAttributes
    {
        get
        {
            Terminal.GetAttributes(Person, out TerminalAttributes now).OrThrow();
            return now;
        }
    }

    /// <summary>Everything that the person saw and no earlier wait consumed.</summary>
    internal string Seen => _seen.ToString();

    internal static void WriteAll(Descriptor to, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[(int)DescriptorIo.Write(to, bytes).OrThrow()..];
        }
    }

    internal void Type(string text) => WriteAll(Person, Encoding.UTF8.GetBytes(text));

    internal void Print(string text) => WriteAll(Program, Encoding.UTF8.GetBytes(text));

    /// <summary>Waits until the person sees a text, and forgets what came before its end.</summary>
    internal string See(string text, int milliseconds = 5000)
    {
        string seen = Until(Person, () => _seen.ToString().Contains(text, StringComparison.Ordinal), milliseconds);
        int end = seen.IndexOf(text, StringComparison.Ordinal) + text.Length;
        _seen.Remove(0, end);
        return seen[..end];
    }

    /// <summary>Collects what the person sees during a time.</summary>
    internal string SeeFor(int milliseconds)
    {
        Collect(Person, milliseconds);
        return Seen;
    }

    /// <summary>What the program reads within a time, until it is as long as wished.</summary>
    internal string ProgramReads(int length, int milliseconds = 5000)
    {
        var text = new StringBuilder();
        var poll = new PollSet(1);
        long end = Environment.TickCount64 + milliseconds;
        while (text.Length < length && Environment.TickCount64 < end)
        {
            poll.Set(0, Program, PollEvents.POLLIN);
            if (poll.Wait((int)Math.Max(1, end - Environment.TickCount64)).OrThrow() > 0)
            {
                int read = (int)DescriptorIo.Read(Program, _buffer).OrThrow();
                text.Append(Encoding.UTF8.GetString(_buffer, 0, read));
                if (read == 0)
                {
                    return text + "<end>";
                }
            }
        }

        return text.ToString();
    }

    internal static async Task Eventually(Func<bool> condition)
    {
        for (int tries = 0; tries < 500; tries++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        Xunit.Assert.Fail("did not happen within five seconds");
    }

    internal void MakeProgramRaw()
    {
        Terminal.GetAttributes(Program, out TerminalAttributes now).OrThrow();
        Terminal.SetAttributes(Program, now.AsRaw()).OrThrow();
    }

    public void Dispose()
    {
        Relay.Dispose();
        User.Dispose();
        Program.Dispose();
        _master.Dispose();
        _userSlave.Dispose();
        Person.Dispose();
    }

    private string Until(Descriptor from, Func<bool> condition, int milliseconds)
    {
        long end = Environment.TickCount64 + milliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 >= end)
            {
                Xunit.Assert.Fail($"not seen; instead: {DisplayText.Escape(_seen.ToString(), 4000)}");
            }

            Collect(from, 20);
        }

        return _seen.ToString();
    }

    private void Collect(Descriptor from, int milliseconds)
    {
        var poll = new PollSet(1);
        long end = Environment.TickCount64 + milliseconds;
        while (Environment.TickCount64 < end)
        {
            poll.Set(0, from, PollEvents.POLLIN);
            if (poll.Wait((int)Math.Max(1, end - Environment.TickCount64)).OrThrow() == 0)
            {
                return;
            }

            LinuxResult read = DescriptorIo.Read(from, _buffer);
            if (read.Failed)
            {
                return;
            }

            _seen.Append(Encoding.UTF8.GetString(_buffer, 0, (int)read.Value));
        }
    }
}
