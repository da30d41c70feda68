using System.Text.Json;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Decisions;

/// <summary>What a session changed is shown, committed and thrown away by the verbs. The same script run without
/// ShellGuard is the oracle.</summary>
public sealed class DecisionTests
{
    private const string Before = """
        mkdir -p tree/opaque tree/gone tree/lists; cd tree
        echo one > modified; echo gone > deleted; echo m > mode; echo old > opaque/old; echo in > gone/in
        ln -s modified link; echo x > attribute; echo a > list; cp /bin/true program; truncate -s 50M sparse
        echo f > foreign; setfacl -m u:1234:rw,g:55:r foreign
        """;

    /// <summary>An ordinary user's cell has one user, so it can give the list no other.</summary>
    private const string Change = """
        set -e
        cd tree
        echo two >> modified
        echo more >> foreign
        echo new > added
        rm -r deleted gone
        chmod 640 mode
        rm -r opaque; mkdir opaque; echo new > opaque/new
        ln -sfn added link
        ln added second-name
        ln -s nowhere dangling
        mkfifo -m 600 pipe
        setfattr -n user.note -v said attribute
        setfacl -m "u:$(id -u):rw,m::rwx" list
        setfacl -d -m "u:$(id -u):rx" lists
        [ "$(id -u)" != 0 ] || setfacl -m u:1234:r,g:55:rw list
        printf end | dd of=sparse bs=1 seek=30000000 conv=notrunc 2>/dev/null
        truncate -s 80M hole
        chmod 4755 program
        """;

    private static readonly string[] Changes =
    [
        "A added", "A dangling", "D deleted", "M foreign", "D gone/", "A hole", "M attribute", "M link", "M list", "M lists/", "M mode",
        "M modified", "A opaque/new", "D opaque/old", "A pipe", "M program", "A second-name", "M sparse",
    ];

    [Theory, BothIdentities]
    public void A_commit_does_what_the_script_does_without_ShellGuard(Identity identity)
    {
        using TestArea area = Make(identity);
        string before = Trees.Of($"{area.Work}/tree");
        RunBoth(area, Change);

        // A setuid bit is the one thing that does not come along.
        area.Untouched("chmod", "u-s", "../native/tree/program").Succeed();
        Assert.Equal(before, Trees.Of($"{area.Work}/tree"));
        Assert.Equal(Changes.Order(StringComparer.Ordinal), Shown(area));
        Assert.Contains("setuid", area.Shellguard("diff", "tree/program"), StringComparison.Ordinal);

        string committed = area.Shellguard("commit");
        Assert.Contains($"{Changes.Length} changes committed", committed, StringComparison.Ordinal);
        Assert.Equal(Trees.Of($"{area.Root}/native/tree"), Trees.Of($"{area.Work}/tree"));
        Assert.Empty(Shown(area));
        Assert.True(Blocks(area, "sparse") < 1000 && Blocks(area, "hole") < 1000, "holes stay holes");
    }

    [Theory, BothIdentities]
    public void A_commit_of_single_paths_leaves_the_rest_to_be_discarded(Identity identity)
    {
        using TestArea area = Make(identity);
        string before = Trees.Of($"{area.Work}/tree");
        RunBoth(area, Change);
        area.Shellguard("commit", "tree/modified", "tree/opaque");
        Assert.Equal("one\ntwo\n", File.ReadAllText($"{area.Work}/tree/modified"));
        Assert.Equal(["new"], Directory.GetFiles($"{area.Work}/tree/opaque").Select(Path.GetFileName));
        Assert.True(File.Exists($"{area.Work}/tree/deleted"));
        Assert.Equal(
            Changes.Where(change => change != "M modified" && !change.Contains("opaque", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            Shown(area));

        area.Shellguard("discard", "--yes");
        Assert.Empty(Shown(area));
        area.OutsideShell("cd tree; echo one > modified; rm opaque/new; echo old > opaque/old").Succeed();
        Assert.Equal(before, Trees.Of($"{area.Work}/tree"));
    }

    [Theory, BothIdentities]
    public void The_patch_of_a_diff_does_the_same(Identity identity)
    {
        using TestArea area = new(identity);
        area.OutsideShell("""
            mkdir -p tree/directory; cd tree
            printf 'a\nb\n' > modified; echo n > 'odd name'; printf 'no end' > open; ln -s modified link
            echo x > script; echo deleted > deleted; echo in > directory/in
            """).Succeed();
        Trees.Copy(area.Work, $"{area.Root}/native");
        Trees.Copy(area.Work, $"{area.Root}/by-git");
        Trees.Copy(area.Work, $"{area.Root}/by-patch");
        RunBoth(area, """
            set -e
            cd tree
            printf 'b\nc\n' > modified; echo more >> 'odd name'; printf 'still none' > open; ln -sfn directory link
            chmod 755 script; rm -r deleted directory; mkdir other; echo new > other/new; chmod 755 other/new
            ln -s gone dangling; printf 'tab\there\n' > $'t\tab'; printf '\u00fc\n' > $'\u00fc'
            """);
        File.WriteAllText($"{area.Root}/patch", area.Shellguard("diff", "--text"));
        area.Untouched("git", "-C", "../by-git", "apply", "../patch").Succeed();
        Assert.Equal(Trees.Of($"{area.Root}/native/tree"), Trees.Of($"{area.Root}/by-git/tree"));
        area.Untouched("patch", "-s", "-p1", "-d", "../by-patch", "-i", $"{area.Root}/patch").Succeed();
        Assert.Equal(Trees.Of($"{area.Root}/native/tree"), Trees.Of($"{area.Root}/by-patch/tree"));
    }

    [Theory, BothIdentities]
    public void Json_says_the_same(Identity identity)
    {
        using TestArea area = Make(identity);
        RunBoth(area, Change);
        using (JsonDocument shown = JsonDocument.Parse(area.Shellguard("diff", "--json")))
        {
            JsonElement layer = shown.RootElement.GetProperty("layers").EnumerateArray()
                .Single(item => item.GetProperty("target").GetString() == area.Work);
            Assert.Equal(
                Changes.Select(change => $"tree/{change[2..].TrimEnd('/')}").Order(StringComparer.Ordinal),
                layer.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("path").GetString()!)
                    .Order(StringComparer.Ordinal));
            Assert.Equal(
                ["tree/deleted", "tree/gone", "tree/opaque/old"],
                layer.GetProperty("changes").EnumerateArray()
                    .Where(change => change.GetProperty("kind").GetString() == "deleted")
                    .Select(change => change.GetProperty("path").GetString()));
        }

        using JsonDocument committed = JsonDocument.Parse(area.Shellguard("commit", "--json"));
        Assert.True(committed.RootElement.GetProperty("complete").GetBoolean());
        Assert.Equal(Changes.Length, committed.RootElement.GetProperty("entries").GetArrayLength());
        Assert.All(
            committed.RootElement.GetProperty("entries").EnumerateArray(),
            entry => Assert.Equal("committed", entry.GetProperty("outcome").GetString()));
    }

    [Theory, BothIdentities]
    public void What_the_host_changed_since_is_refused_until_somebody_decides(Identity identity)
    {
        using TestArea area = Make(identity);
        RunBoth(area, Change);
        string file = $"{area.Work}/tree/modified";
        File.AppendAllText(file, "of the host\n");
        Outcome refused = Verb(area, "commit");
        refused.EndWith(1);
        string said = refused.Output + refused.Errors;
        foreach (string line in (string[])["+of the host", "+two", "--take-mine", "--keep-host", file])
        {
            Assert.Contains(line, said, StringComparison.Ordinal);
        }

        Assert.Equal("one\nof the host\n", File.ReadAllText(file));
        Assert.True(File.Exists($"{area.Work}/tree/added"), "the rest is committed");
        using (JsonDocument again = JsonDocument.Parse(Verb(area, "commit", "--json").EndWith(1).Output))
        {
            JsonElement entry = again.RootElement.GetProperty("entries").EnumerateArray().Single();
            Assert.Equal("conflict", entry.GetProperty("outcome").GetString());
        }

        area.Shellguard("commit", "--take-mine");
        Assert.Equal("one\ntwo\n", File.ReadAllText(file));
        Assert.Empty(Shown(area));
    }

    private static TestArea Make(Identity identity)
    {
        TestArea area = new(identity);
        area.OutsideShell(Before).Succeed();
        Trees.Copy(area.Work, $"{area.Root}/native");
        return area;
    }

    /// <summary>In a session, and without one in the copy beside.</summary>
    private static void RunBoth(TestArea area, string script)
    {
        area.InsideShell([], script).Succeed();
        area.Untouched("/bin/bash", "-c", $"cd ../native; {script}").Succeed();
    }

    /// <summary>The changes that diff lists, each with its letter, or nothing where there is nothing to decide.</summary>
    private static IEnumerable<string> Shown(TestArea area) => Verb(area, "diff").Output.Split('\n')
        .Where(line => line.StartsWith("  ", StringComparison.Ordinal))
        .Select(line => $"{line[2]} {line[5..].Split("  ")[0]["tree/".Length..]}")
        .Order(StringComparer.Ordinal);

    private static Outcome Verb(TestArea area, params string[] words) => area.Untouched([NativeBinary.Path, .. words]);

    private static int Blocks(TestArea area, string name) => int.Parse(
        Programs.Run("stat", "-c", "%b", $"{area.Work}/tree/{name}").Succeed().Output,
        global::System.Globalization.CultureInfo.InvariantCulture);
}
