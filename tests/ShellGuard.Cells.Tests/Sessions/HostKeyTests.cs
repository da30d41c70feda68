using ShellGuard.Cells.Sessions;
using ShellGuard.Journal;
using Xunit;

namespace ShellGuard.Cells.Tests.Sessions;

public sealed class HostKeyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sgt-key-");

    private string Key => Path.Combine(_directory.FullName, "key");

    [Fact]
    public void All_who_start_at_once_get_the_same_key_and_only_the_owner_reads_it()
    {
        for (int round = 0; round < 20; round++)
        {
            string[] fingerprints = new string[16];
            using Barrier start = new(fingerprints.Length);
            Thread[] threads = [.. fingerprints.Select((_, index) => new Thread(() =>
            {
                start.SignalAndWait();
                fingerprints[index] = HostKey.TryLoadOrCreate(Key, out JournalKey? key, out string? error) ? key.Fingerprint : error;
                key?.Dispose();
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.Matches("^[0-9a-f]{64}$", Assert.Single(fingerprints.Distinct()));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
            Assert.Equal([Key], Directory.GetFiles(_directory.FullName));
            File.Delete(Key);
        }
    }

    [Fact]
    public void A_key_that_is_there_is_not_replaced()
    {
        File.WriteAllText(Key, "not a key");
        File.SetUnixFileMode(Key, UnixFileMode.UserRead);
        Assert.False(HostKey.TryLoadOrCreate(Key, out _, out string? error));
        Assert.Contains("not a P-256 private key", error, StringComparison.Ordinal);
        Assert.Equal("not a key", File.ReadAllText(Key));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_one_line()
    {
        Assert.False(HostKey.TryLoadOrCreate("/nonexistent/directory/key", out _, out string? error));
        Assert.Matches("^the journal's key /nonexistent/directory/key cannot be made: .*ENOENT$", error);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
