using System.Diagnostics;
using ShellGuard.Cells.Walls;
using Xunit;

namespace ShellGuard.Cells.Tests.Walls;

/// <summary>Which commands are decided on together, and when.</summary>
public sealed class PendingCommandsTests
{
    [Fact]
    public void A_command_without_pipes_does_not_wait()
    {
        PendingCommands pending = Pending();
        LobbyRequest one = Request("psql");
        pending.Add(one);
        Assert.Equal([one], Assert.Single(pending.TakeReady()));
        Assert.True(pending.IsEmpty);
    }

    [Fact]
    public void A_pipeline_of_a_side_waits_for_its_reader_and_comes_in_the_order_of_the_bytes()
    {
        PendingCommands pending = Pending();
        LobbyRequest psql = Request("psql", output: 1);
        pending.Add(psql);
        Assert.Empty(pending.TakeReady());
        LobbyRequest wc = Request("wc", input: 2);
        pending.Add(wc);
        Assert.Empty(pending.TakeReady());
        LobbyRequest sort = Request("sort", input: 1, output: 2);
        pending.Add(sort);
        Assert.Equal([psql, sort, wc], Assert.Single(pending.TakeReady()));
    }

    [Fact]
    public void A_reader_waits_for_its_writer_who_may_belong_to_a_side()
    {
        PendingCommands pending = Pending();
        LobbyRequest wc = Request("wc", input: 1);
        pending.Add(wc);
        Assert.Empty(pending.TakeReady());
        LobbyRequest psql = Request("psql", output: 1);
        pending.Add(psql);
        Assert.Equal([psql, wc], Assert.Single(pending.TakeReady()));
    }

    [Fact]
    public void What_no_side_writes_goes_at_once_and_its_reader_does_not_wait_for_it()
    {
        PendingCommands pending = Pending();
        LobbyRequest cat = Request("cat", output: 1);
        pending.Add(cat);
        Assert.Equal([cat], Assert.Single(pending.TakeReady()));
        LobbyRequest psql = Request("psql", input: 1);
        pending.Add(psql);
        Assert.Equal([psql], Assert.Single(pending.TakeReady()));
    }

    [Fact]
    public void A_pipe_that_nobody_else_has_is_the_lobbys_own_after_a_while()
    {
        PendingCommands pending = Pending();
        LobbyRequest old = Request("psql", output: 1, age: TimeSpan.FromSeconds(1));
        pending.Add(old);
        Assert.Equal([old], Assert.Single(pending.TakeReady()));
    }

    [Fact]
    public void A_gate_waits_longer_for_its_writer()
    {
        PendingCommands pending = Pending();
        LobbyRequest count = Request("count", input: 1, age: TimeSpan.FromSeconds(1));
        pending.Add(count);
        Assert.Empty(pending.TakeReady());
        LobbyRequest psql = Request("psql", output: 1);
        pending.Add(psql);
        Assert.Equal([psql, count], Assert.Single(pending.TakeReady()));
        LobbyRequest alone = Request("count", input: 2, age: TimeSpan.FromSeconds(10));
        pending.Add(alone);
        Assert.Equal([alone], Assert.Single(pending.TakeReady()));
    }

    [Fact]
    public void Two_pipelines_are_two()
    {
        PendingCommands pending = Pending();
        LobbyRequest[] first = [Request("psql", output: 1), Request("wc", input: 1)];
        LobbyRequest[] second = [Request("psql", output: 2), Request("curl", input: 2)];
        foreach (LobbyRequest request in (LobbyRequest[])[first[0], second[0], second[1], first[1]])
        {
            pending.Add(request);
        }

        IReadOnlyList<IReadOnlyList<LobbyRequest>> ready = pending.TakeReady();
        Assert.Equal(2, ready.Count);
        Assert.Contains(ready, pipeline => pipeline.SequenceEqual(first));
        Assert.Contains(ready, pipeline => pipeline.SequenceEqual(second));
    }

    private static PendingCommands Pending() => new(request => request.Name is "psql" or "curl", request => request.Name is "count");

    private static LobbyRequest Request(string name, ulong? input = null, ulong? output = null, TimeSpan age = default) => new(
        default, 1, 1, name, [name], [], "/",
        [File(input), File(output), new LobbyFile(LobbyFileKind.Person)],
        Stopwatch.GetTimestamp() - (long)(age.TotalSeconds * Stopwatch.Frequency));

    private static LobbyFile File(ulong? pipe) => pipe is { } number
        ? new LobbyFile(LobbyFileKind.Pipe) { Identity = (1, number) }
        : new LobbyFile(LobbyFileKind.Person) { Identity = (9, 9) };
}
