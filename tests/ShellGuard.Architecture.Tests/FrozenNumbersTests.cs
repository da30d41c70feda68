namespace ShellGuard.Architecture.Tests;

/// <summary>Numbers that stand in journals on people's disks. A name may be added, none is changed or reused.</summary>
public sealed class FrozenNumbersTests
{
    [Fact]
    public void The_enumerations_are_what_was_committed()
    {
        IEnumerable<string> now = typeof(Core.Operation).Assembly.GetTypes()
            .Where(type => type is { IsEnum: true, IsPublic: true })
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .SelectMany(type => Enum.GetValues(type).Cast<Enum>()
                .Select(value => $"{type.Name}.{value} = {Convert.ToInt32(value)}"));
        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "frozen-numbers.txt")), now);
    }

    [Fact]
    public void No_number_has_two_names()
    {
        string[] numbers = [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "frozen-numbers.txt"))
            .Select(line => $"{line[..line.IndexOf('.')]}{line[line.IndexOf('=')..]}")];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }
}
