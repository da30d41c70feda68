using System.Diagnostics;
using System.Text;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lines;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Tests.Support;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Diagnostics;
using Xunit;

namespace ShellGuard.Leash.Tests.Fuzzing;

/// <summary>Configurations and lines from strangers: the stored ones, and some thousand changes of them.</summary>
public sealed class CorpusTests
{
    private const int Rounds = 3000;

    /// <summary>Far more than any input takes, so that only a hang is over it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_configuration_loads_or_is_refused_with_a_place()
    {
        Mutations inputs = new("configuration", 20_261_122);
        Assert.True(inputs.Seeds.Count >= 15);
        int loaded = 0;
        for (int i = -inputs.Seeds.Count; i < Rounds; i++)
        {
            byte[] input = i < 0 ? inputs.Seeds[^-i] : inputs.Next();
            loaded += Try(input, () => Load(input));
        }

        // Both sides are reached.
        Assert.InRange(loaded, Rounds / 100, Rounds - (Rounds / 100));
    }

    [Fact]
    public void A_line_runs_if_and_only_if_its_trimmed_bytes_are_a_name()
    {
        Mutations inputs = new("line", 20_261_123);
        Assert.True(inputs.Seeds.Count >= 40);
        LeashConfiguration configuration = Base.Good(
            Base.Text + "\n" + Base.Entry("/bin/echo", name: "\u00e9") + Base.Entry("/bin/echo", name: "exit"));
        int ran = 0;
        for (int i = -inputs.Seeds.Count; i < 5 * Rounds; i++)
        {
            byte[] input = i < 0 ? inputs.Seeds[^-i] : inputs.Next();
            ran += Try(input, () => Judge(input, configuration));
        }

        Assert.InRange(ran, Rounds / 100, 4 * Rounds);
    }

    /// <summary>What is refused is refused as the program refuses it, from a file.</summary>
    [Fact]
    public void A_file_that_is_refused_ends_the_leash_with_78()
    {
        string file = $"/opt/sg-fuzz-{Environment.ProcessId}.toml";
        try
        {
            Mutations inputs = new("configuration", 20_261_124);
            for (int i = -inputs.Seeds.Count; i < 200; i++)
            {
                byte[] input = i < 0 ? inputs.Seeds[^-i] : inputs.Next();
                File.WriteAllBytes(file, input);
                Try(input, () => Locate(file, input));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Locate(string file, byte[] input)
    {
        LeashStart start = new(new Account("ann", 4242, 4242, "/nowhere", "/bin/sh"), [], new Dictionary<string, string>())
        {
            NamedFile = file,
            IsLoginShell = true,
        };
        bool loads = input.Length > 0 && ConfigurationReader.Read(file, input).Configuration is not null;
        if (loads)
        {
            Assert.NotNull(ConfigurationLocator.Locate(start).Configuration);
            return 1;
        }

        LeashException refusal = Assert.Throws<LeashException>(() => ConfigurationLocator.Locate(start));
        Assert.Equal(78, refusal.Status);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        return 0;
    }

    private static int Load(byte[] input)
    {
        ConfigurationResult result = ConfigurationReader.Read("/etc/l.toml", input);
        List<Diagnostic> errors = [.. result.Diagnostics.Where(finding => finding.Severity == Severity.Error)];
        Assert.Equal(errors.Count > 0, result.Configuration is null);
        int lines = result.Text.Split('\n').Length;
        Assert.All(errors, error => Assert.InRange(error.Line, 0, lines));
        Assert.DoesNotContain(result.Describe(), c => char.IsControl(c) && c != '\n');
        foreach (LeashEntry entry in result.Configuration?.Entries ?? [])
        {
            Assert.NotEmpty(entry.Stages);
            Assert.True(entry.Integrity.Count == 0 || entry.Integrity.Count == entry.Stages.Count);

            // Every name can be typed, and what it is not does not run.
            byte[] name = Encoding.UTF8.GetBytes(entry.Name);
            if (entry.Pattern is null)
            {
                Assert.Same(entry, LineLanguage.Judge(name, result.Configuration!).Entry);
            }
        }

        return result.Configuration is null ? 0 : 1;
    }

    private static int Judge(byte[] line, LeashConfiguration configuration)
    {
        ReadOnlySpan<byte> trimmed = line.AsSpan().Trim(" \t\r"u8);
        string? expected = null;
        foreach (LeashEntry entry in configuration.Entries)
        {
            // Only a line that is too long is not looked at.
            bool same = trimmed.SequenceEqual(Encoding.UTF8.GetBytes(entry.Name)) && line.Length <= LineLanguage.MaximumBytes;
            expected = same ? entry.Name : expected;
        }

        LineJudgement judged = LineLanguage.Judge(line, configuration);
        Assert.Equal(expected, judged.Entry?.Name);
        bool isNothing = trimmed.IsEmpty || trimmed[0] == (byte)'#';
        Assert.True(judged.IsDenied || judged.Entry is not null || isNothing);
        return judged.Entry is null ? 0 : 1;
    }

    private static int Try(byte[] input, Func<int> action)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            int result = action();
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "it hangs");
            return result;
        }
        catch (Exception failure)
        {
            Assert.Fail($"{Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 4096)))}: {failure}");
            throw;
        }
    }
}
