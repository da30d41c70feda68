using Xunit;

namespace ShellGuard.Cells.Tests.Fuzzing;

public sealed class FuzzTargetTests
{
    public static TheoryData<string> Targets => new(
        typeof(FuzzTargetTests).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && typeof(IFuzzTarget).IsAssignableFrom(type))
            .Select(type => type.FullName!));

    [Theory]
    [MemberData(nameof(Targets))]
    public void Survives_its_corpus_mutations_and_noise(string name)
    {
        IFuzzTarget target =
            (IFuzzTarget)Activator.CreateInstance(typeof(FuzzTargetTests).Assembly.GetType(name)!, nonPublic: true)!;
        byte[][] corpus = [.. Directory
            .GetFiles(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", target.Corpus))
            .Select(File.ReadAllBytes)];
        Assert.NotEmpty(corpus);
        foreach (byte[] seed in corpus)
        {
            target.Run(seed);
            for (int length = 0; length < seed.Length; length++)
            {
                target.Run(seed.AsSpan(0, length));
            }
        }

        // A fixed start, so that a failure can be repeated.
        Random random = new(20_531);
        for (int round = 0; round < 50_000; round++)
        {
            byte[] data = (byte[])corpus[random.Next(corpus.Length)].Clone();
            for (int change = random.Next(1, 6); change > 0 && data.Length > 0; change--)
            {
                data[random.Next(data.Length)] = (byte)random.Next(256);
            }

            target.Run(data);
            byte[] noise = new byte[random.Next(600)];
            random.NextBytes(noise);
            target.Run(noise);
        }
    }
}
