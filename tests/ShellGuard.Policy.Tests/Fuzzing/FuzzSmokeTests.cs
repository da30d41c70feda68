using System.Text;
using Xunit;

namespace ShellGuard.Policy.Tests.Fuzzing;

/// <summary>Runs every fuzz target over its corpus and a few thousand mutations of it.</summary>
public sealed class FuzzSmokeTests
{
    private const int Mutations = 3_000;

    private static readonly byte[][] _pieces =
        [.. new[] { "\"\"\"", "'''", "[[", "]]", "[", "]", "{", "}", "=", ".", ",", "\n", "\r\n", "\\u", "\\U", "#", "0x",
            "1e", "-07:00", "inf", "\0", "\x7F", "~/", "**", "*", "[!", ":443", "/8", "::", "hide = ", "[files]" }
            .Select(Encoding.UTF8.GetBytes),
            [0xFF], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF]];

    public static TheoryData<Type> Targets() => [.. typeof(IFuzzTarget).Assembly.GetTypes()
        .Where(t => t.IsClass && typeof(IFuzzTarget).IsAssignableFrom(t))];

    [Theory]
    [MemberData(nameof(Targets))]
    public void HoldsOnCorpusAndMutations(Type type)
    {
        var target = (IFuzzTarget)Activator.CreateInstance(type)!;
        string folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", target.Corpus);
        var corpus = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        Assert.True(corpus.Count >= 5, $"{folder} has only {corpus.Count} seeds");
        corpus.ForEach(seed => RunOne(target, seed));

        // A fixed seed: a failure can be run again.
        var random = new Random(20_240_229);
        for (int i = 0; i < Mutations; i++)
        {
            RunOne(target, Mutate(corpus, random));
        }
    }

    private static void RunOne(IFuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
        }
        catch (Exception e)
        {
            Assert.Fail($"{target.Corpus}: {Convert.ToBase64String(input)}: {e}");
        }
    }

    private static byte[] Mutate(List<byte[]> corpus, Random random)
    {
        var bytes = corpus[random.Next(corpus.Count)].ToList();
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 20)));
                    break;
                case 2:
                    byte[] other = corpus[random.Next(corpus.Count)];
                    int start = random.Next(other.Length + 1);
                    bytes.InsertRange(at, other[start..Math.Min(other.Length, start + random.Next(1, 60))]);
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, _pieces[random.Next(_pieces.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
