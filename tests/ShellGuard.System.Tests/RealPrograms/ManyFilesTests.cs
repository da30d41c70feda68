using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.RealPrograms;

public sealed class ManyFilesTests
{
    [Theory, BothIdentities]
    public void Tar_and_rsync_of_50000_files(Identity identity)
    {
        using TestArea area = new(identity);
        for (int directory = 0; directory < 100; directory++)
        {
            Directory.CreateDirectory($"{area.Work}/tree/{directory}");
            for (int file = 0; file < 500; file++)
            {
                File.WriteAllText($"{area.Work}/tree/{directory}/{file}", $"{directory} {file}\n");
            }
        }

        const string Archive = "tar -c --sort=name --mtime=@0 --format=posix --pax-option=delete=atime,delete=ctime tree";
        string outside = area.OutsideShell($"{Archive} | sha256sum").Succeed().Output;
        Outcome inside = area.InsideShell([], $"""
            set -e
            {Archive} | sha256sum
            mkdir copy
            rsync -a tree copy
            cd copy
            {Archive} | sha256sum
            find tree -type f | wc -l
            """).Succeed();
        Assert.Equal($"{outside}{outside}50000\n", inside.Output);
        Assert.False(Directory.Exists($"{area.Work}/copy"));
    }
}
