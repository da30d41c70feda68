using System.Runtime.CompilerServices;

namespace ShellGuard.Journal.Tests.Fuzzing;

/// <summary>Runs every fuzz target over its corpus and over mutations of it, the same ones each time.</summary>
public sealed class FuzzTargetTests
{
    private const int Mutations = 150;

    public static TheoryData<string> Names => [.. Targets().Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_takes_its_corpus_and_mutations_of_it(string name)
    {
        IFuzzTarget target = Targets().Single(found => found.Name == name);
        string[] files = Directory.GetFiles(Path.Combine(Corpus(), name)).Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(files);
        Random random = new(20260304);
        foreach (string file in files)
        {
            byte[] input = File.ReadAllBytes(file);
            target.Run(input);
            for (int round = 0; round < Mutations; round++)
            {
                target.Run(Mutate(input, random));
            }
        }
    }

    [Fact]
    public void Every_corpus_has_its_target() => Assert.Equal(
        Targets().Select(target => target.Name).Order(StringComparer.Ordinal),
        Directory.GetDirectories(Corpus()).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    private static IEnumerable<IFuzzTarget> Targets() => typeof(IFuzzTarget).Assembly.GetTypes()
        .Where(type => typeof(IFuzzTarget).IsAssignableFrom(type) && type is { IsAbstract: false })
        .Select(type => (IFuzzTarget)Activator.CreateInstance(type)!);

    private static byte[] Mutate(byte[] input, Random random)
    {
        List<byte> bytes = [.. input];
        for (int change = random.Next(1, 8); change > 0; change--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 60), bytes.Count - at));
                    break;
                case 2 when bytes.Count > 0:
                    int from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 400), bytes.Count - from)));
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. bytes];
    }

    private static string Corpus([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "Corpus"));
}
