using System.Diagnostics;
using System.Security.Cryptography;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Terminals;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Terminals;

public sealed class TerminalRelayTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_megabytes_arrive_unchanged(bool outwards)
    {
        using var rig = new RelayRig();
        rig.MakeProgramRaw();
        await RelayRig.Eventually(() => !rig.PersonAttributes.Canonical);
        byte[] data = new byte[outwards ? 100 << 20 : 20 << 20];
        new Random(1).NextBytes(data);
        (Descriptor from, Descriptor to) = outwards ? (rig.Program, rig.Person) : (rig.Person, rig.Program);

        long start = Stopwatch.GetTimestamp();
        Task writing = Task.Run(() => RelayRig.WriteAll(from, data));
        byte[] buffer = new byte[64 * 1024];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        while (total < data.Length)
        {
            int read = (int)DescriptorIo.Read(to, buffer).OrThrow();
            hash.AppendData(buffer, 0, read);
            total += read;
        }

        await writing;
        log.WriteLine($"{total / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds:F0} MB/s");
        Assert.Equal(data.Length, total);
        Assert.Equal(SHA256.HashData(data), hash.GetHashAndReset());
    }

    [Fact]
    public async Task A_slow_person_slows_the_program_and_loses_nothing()
    {
        using var rig = new RelayRig();
        rig.MakeProgramRaw();
        byte[] data = new byte[2 << 20];
        new Random(2).NextBytes(data);
        Task writing = Task.Run(() => RelayRig.WriteAll(rig.Program, data));
        await Task.Delay(500);
        Assert.False(writing.IsCompleted, "the program wrote 2 MB to nobody");
        byte[] all = new byte[data.Length];
        int length = 0;
        while (length < all.Length)
        {
            length += (int)DescriptorIo.Read(rig.Person, all.AsSpan(length, Math.Min(5000, all.Length - length))).OrThrow();
        }

        await writing;
        Assert.True(data.AsSpan().SequenceEqual(all));
    }

    [Fact]
    public async Task Size_attributes_and_control_characters_are_the_persons()
    {
        var tap = new RecordingTap();
        using var rig = new RelayRig(() => new RelayOptions { Tap = tap }, size: new WindowSize(101, 33));
        Terminal.GetSize(rig.Program, out WindowSize size).OrThrow();
        Assert.Equal(new WindowSize(101, 33), size);
        await RelayRig.Eventually(() => !rig.PersonAttributes.Signals);
        rig.MakeProgramRaw();
        rig.Type("\x03\x1a\x04\x1cx");
        Assert.Equal("\x03\x1a\x04\x1cx", rig.ProgramReads(5));
        Assert.Contains("r<101x33>", tap.All, StringComparison.Ordinal);
        Assert.Contains("i<", tap.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_size_is_passed_on()
    {
        using var rig = new RelayRig();
        Terminal.SetSize(rig.Person, new WindowSize(60, 20)).OrThrow();

        // The relay's terminal is not this process's controlling one, so the kernel does not send the signal itself.
        Signal("WINCH");
        await RelayRig.Eventually(() =>
            Terminal.GetSize(rig.Program, out WindowSize size).Succeeded && size == new WindowSize(60, 20));
    }

    [Fact]
    public async Task The_terminal_is_restored_when_the_cell_ends_and_its_modes_are_undone()
    {
        using var rig = new RelayRig(() => new RelayOptions());
        await RelayRig.Eventually(() => !rig.PersonAttributes.Canonical);
        rig.Print("\e[?1049h\e[?1000h\e[?25lkilled in the middle");
        rig.See("middle");
        rig.Program.Dispose();
        rig.Relay.CellEnded();
        Assert.Equal(RelayEnd.CellEnded, await rig.Relay.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(rig.Before, rig.PersonAttributes);
        Assert.Contains("\e[?1049l", rig.SeeFor(100), StringComparison.Ordinal);
        Assert.Contains("\e[?1000l", rig.Seen, StringComparison.Ordinal);
        Assert.Contains("\e[?25h", rig.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_written_before_the_hang_up_is_shown()
    {
        using var rig = new RelayRig(() => new RelayOptions { EndOnHangUp = true });
        rig.MakeProgramRaw();
        rig.Print(new string('x', 3000) + "last");
        rig.Program.Dispose();
        rig.See("last");
        Assert.Equal(RelayEnd.CellEnded, await rig.Relay.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task The_terminal_is_restored_after_an_exception()
    {
        var tap = new RecordingTap(() => throw new InvalidOperationException("recorder"));
        using var rig = new RelayRig(() => new RelayOptions { Tap = tap });
        await RelayRig.Eventually(() => !rig.PersonAttributes.Canonical);
        rig.Print("x");
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Relay.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(rig.Before, rig.PersonAttributes);
    }

    [Fact]
    public async Task A_lost_terminal_ends_the_relay_and_denies()
    {
        var questions = new TerminalQuestions(TimeSpan.FromSeconds(30));
        using var rig = new RelayRig(() => new RelayOptions { Questions = questions });
        await RelayRig.Eventually(() => !rig.PersonAttributes.Canonical);
        rig.Person.Dispose();
        Assert.Equal(RelayEnd.TerminalLost, await rig.Relay.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(Answer.Deny, questions.Ask(Samples.Access("/a")));
    }

    [Fact]
    public async Task Without_hang_up_as_the_end_a_program_may_come_back_to_its_terminal()
    {
        using var rig = new RelayRig();
        string path = new FileInfo($"/proc/self/fd/{rig.Program.Number}").LinkTarget!;
        rig.Program.Dispose();
        await Task.Delay(200);
        Assert.False(rig.Relay.Completion.IsCompleted);
        await File.WriteAllTextAsync(path, "back again");
        rig.See("back again");
        rig.Relay.CellEnded();
        Assert.Equal(RelayEnd.CellEnded, await rig.Relay.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Shared_with_a_pipeline_the_terminal_stays_as_it_is_until_a_program_wants_it_otherwise()
    {
        using var rig = new RelayRig(interactive: false);
        await Task.Delay(100);
        Assert.Equal(rig.Before, rig.PersonAttributes);
        rig.Type("line\n");
        Assert.Equal("line\n", rig.ProgramReads(5));
        Assert.Equal("line\r\n", rig.SeeFor(100));

        Terminal.GetAttributes(rig.Program, out TerminalAttributes cooked).OrThrow();
        rig.MakeProgramRaw();
        await RelayRig.Eventually(() => !rig.PersonAttributes.Echo && !rig.PersonAttributes.Canonical);
        rig.Type("k");
        Assert.Equal("k", rig.ProgramReads(1));

        Terminal.SetAttributes(rig.Program, cooked).OrThrow();
        await RelayRig.Eventually(() => rig.PersonAttributes.Equals(rig.Before));
        rig.Type("\x04");
        Assert.Equal("<end>", rig.ProgramReads(1));
    }

    [Fact]
    public async Task Keys_for_a_pager_behind_us_are_left_to_it()
    {
        using var rig = new RelayRig(interactive: false);
        Terminal.SetAttributes(rig.Person, rig.Before.AsRaw()).OrThrow();
        rig.Type("q");
        Assert.Equal("", rig.ProgramReads(1, 500));
        Terminal.SetAttributes(rig.Person, rig.Before).OrThrow();
        rig.Type("\n");
        Assert.Equal("q\n", rig.ProgramReads(2));
        await Task.CompletedTask;
    }

    [Fact]
    public void A_notice_waits_for_the_end_of_a_string_or_cancels_it()
    {
        var lane = new OutputLane();
        using var rig = new RelayRig(() => new RelayOptions { Notices = lane });
        rig.MakeProgramRaw();
        rig.Print("one\r\n\e]0;tit");
        rig.See("tit");
        lane.Say("first");
        rig.Print("le\atwo\r\n");
        rig.See("le\atwo\r\n");
        rig.See("shellguard: first\r\n");

        rig.Print("\e]0;never ends");
        rig.See("never ends");
        lane.Say("second");
        Assert.Contains("\x18", rig.See("shellguard: second\r\n"), StringComparison.Ordinal);
        rig.Print("swallowed\athree");
        Assert.DoesNotContain("swallowed", rig.See("three"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_holds_the_cell_ignores_typeahead_and_gives_the_screen_back()
    {
        var questions = new TerminalQuestions(TimeSpan.FromSeconds(30));
        var tap = new RecordingTap();
        using var rig = new RelayRig(() => new RelayOptions { Questions = questions, Tap = tap });
        rig.MakeProgramRaw();
        await RelayRig.Eventually(() => !rig.PersonAttributes.Canonical);
        rig.Print("prompt$ ");
        rig.See("prompt$ ");

        // Typed before: the cell's. Typed just as it appears: nobody's.
        rig.Type("ls");
        Assert.Equal("ls", rig.ProgramReads(2));
        Task<Answer> asked = Task.Run(() => questions.Ask(Samples.Access("/etc/secret")));
        string shown = rig.See("/etc/secret");
        Assert.Contains("\e[?1049h", shown, StringComparison.Ordinal);
        rig.Type("o");
        rig.Type("a");
        rig.Print("\e[2J fake question [o] once");
        string during = rig.See("[d] deny");
        Assert.DoesNotContain("fake", during, StringComparison.Ordinal);
        Assert.False(asked.IsCompleted);
        Assert.Equal("", rig.ProgramReads(1, 100));

        rig.Type("s");
        Assert.Equal(Answer.Session, await asked.WaitAsync(TimeSpan.FromSeconds(5)));
        string after = rig.See("fake question");
        Assert.True(
            after.IndexOf("\e[?1049l", StringComparison.Ordinal) < after.IndexOf("fake", StringComparison.Ordinal));
        rig.Type("x");
        Assert.Equal("x", rig.ProgramReads(1));
        Assert.DoesNotContain("/etc/secret", tap.All, StringComparison.Ordinal);
        Assert.DoesNotContain("i<s>", tap.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_imitated_question_decides_nothing()
    {
        var questions = new TerminalQuestions(TimeSpan.FromSeconds(2));
        using var rig = new RelayRig(() => new RelayOptions { Questions = questions });
        rig.MakeProgramRaw();
        rig.Print("\e[?1049h\e[2J shellguard asks [o] once");
        rig.See("once");
        rig.Type("a");
        Assert.Equal("a", rig.ProgramReads(1));
        Assert.Equal(Answer.Deny, await Task.Run(() => questions.Ask(Samples.Access("/a"))));
    }

    [Fact]
    public async Task An_unanswered_question_is_taken_away_and_a_full_screen_program_is_asked_to_repaint()
    {
        var questions = new TerminalQuestions(TimeSpan.FromSeconds(1));
        using var rig = new RelayRig(() => new RelayOptions { Questions = questions });
        rig.Print("\e[?1049h\e[?1000hfull");
        rig.See("full");
        Task<Answer> asked = Task.Run(() => questions.Ask(Samples.Access("/a")));
        string shown = rig.See("shellguard asks");
        Assert.DoesNotContain("\e[?1049h", shown, StringComparison.Ordinal);
        Assert.Contains("\e[?1000l", shown, StringComparison.Ordinal);
        Assert.Equal(Answer.Deny, await asked);
        rig.See("\e[?1000h");
        await RelayRig.Eventually(() => Terminal.GetSize(rig.Program, out WindowSize size).Succeeded && size.Rows == 23);
        await RelayRig.Eventually(() => Terminal.GetSize(rig.Program, out WindowSize size).Succeeded && size.Rows == 24);
    }

    [Fact]
    public async Task Disposing_in_a_question_restores_everything()
    {
        var questions = new TerminalQuestions(TimeSpan.FromSeconds(30));
        using var rig = new RelayRig(() => new RelayOptions { Questions = questions });
        Task<Answer> asked = Task.Run(() => questions.Ask(Samples.Access("/a")));
        rig.See("shellguard asks");
        rig.Relay.Dispose();
        Assert.Equal(Answer.Deny, await asked.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(rig.Before, rig.PersonAttributes);
        rig.See("\e[?1049l");
    }

    private static void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-s", name, Environment.ProcessId.ToString()]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
