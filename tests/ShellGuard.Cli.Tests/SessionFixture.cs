using System.Text.Json;
using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cli.Tests;

/// <summary>A storage with sessions as a cell would have left them, and a directory of the host that they changed.
/// </summary>
internal sealed class SessionFixture : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("shellguard-cli-").FullName;
    private int _made;

    public SessionFixture()
    {
        Host = Directory.CreateDirectory($"{_root}/host").FullName;
        Environment.SetEnvironmentVariable("SHELLGUARD_STATE", State);
    }

    public string State => $"{_root}/state";

    /// <summary>The directory of the host that is copy-on-write.</summary>
    public string Host { get; }

    public string KeyFile => $"{State}/{SessionFiles.Key}";

    /// <summary>Makes an ended session.</summary>
    /// <param name="before">Puts files into <see cref="Host"/>.</param>
    /// <param name="change">Puts changes into the layer's upper directory.</param>
    public string Add(Action<string>? before = null, Action<string>? change = null, DateTimeOffset? started = null)
    {
        DateTimeOffset start = started ?? DateTimeOffset.UtcNow.AddSeconds(_made++);
        SessionId id = SessionId.From(start, (ulong)Random.Shared.NextInt64());
        string directory = SessionStorage.Open(State, FileMetadata.EffectiveUser).Create(id.Text);
        SessionLock.Take(directory).Dispose();
        before?.Invoke(Host);

        // The kernel's time stamps are coarser than this machine is fast: the host's files must be older than the layer.
        Thread.Sleep(30);
        string layer = $"{SessionFiles.Layers(directory)}/0";
        string upper = Directory.CreateDirectory($"{layer}/upper").FullName;
        Assert.True(BaselineRecorder.TryRecord(layer, Host, [], out string? problem), problem);
        change?.Invoke(upper);
        WriteRecord(directory, id, start);
        WriteJournal(directory, id);
        return id.Text;
    }

    public string StorageOf(string session) => $"{State}/sessions/{session}";

    /// <summary>A white-out in the upper directory.</summary>
    public static void Delete(string path)
    {
        using Descriptor none = new();
        Assert.True(Files.MakeWhiteout(none, path).Succeeded);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("SHELLGUARD_STATE", null);
        Directory.Delete(_root, recursive: true);
    }

    private void WriteRecord(string directory, SessionId id, DateTimeOffset start)
    {
        using FileStream file = new(SessionFiles.Record(directory), FileMode.CreateNew);
        using Utf8JsonWriter json = new(file);
        json.WriteStartObject();
        json.WriteString("session", id.Text);
        json.WriteString("started", start);
        json.WriteString("policy", "default");
        json.WriteStartArray("command");
        json.WriteStringValue("make");
        json.WriteStringValue("\e]0;evil\a");
        json.WriteEndArray();
        json.WriteString("directory", Host);
        json.WriteStartArray("layers");
        json.WriteStringValue(Host);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteJournal(string directory, SessionId id)
    {
        File.WriteAllText(KeyFile, JournalKey.NewPem());
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.True(JournalKey.TryLoad(KeyFile, out JournalKey? key, out string? error), error);
        using (key)
        {
            SessionStartEvent start = new("digest", "alice", "host", "1") { Command = ArgumentVector.Of("make") };
            Assert.True(
                JournalWriter.TryCreate(
                    SessionFiles.Journal(directory), key, id, start, new JournalClock(TimeProvider.System),
                    Durability.AtEnd, out JournalWriter? journal, out error),
                error);
            using (journal)
            {
                for (int number = 1; number <= 2; number++)
                {
                    Verdict verdict = Verdict.Deny(
                        new RuleSource("/p.toml", number, 3, "hide = \"~/.ssh\""), "it is hidden", $"--ro /secret{number}");
                    ProcessIdentity actor = new(40 + number, 1, 1, "/usr/bin/cat");
                    Assert.True(journal.Append(
                        AccessEvent.From(new Access([actor], Operation.Read, $"/secret{number}\e[2J", verdict), "main")));
                }

                Assert.True(journal.Append(AccessEvent.From(
                    new Access([], Operation.Connect, "a.example:443/tcp", Verdict.Allow(RuleSource.CommandLine("--net"), "granted")),
                    "main")));
                Assert.True(journal.Close(new SessionEndEvent(0, "the command ended")));
            }
        }
    }
}
