using System.Text;
using Aspire.Hosting.ApplicationModel;
using O1Coder.Hosting;

namespace Aspire.Hosting.Publishing;

/// <summary>The Dockerfile of a project, to be built with the repository as its context.</summary>
/// <param name="project">The project.</param>
/// <param name="workload">What else its image needs.</param>
/// <param name="appHostDirectory">The AppHost's folder, beside which the repository's others are.</param>
internal sealed class ContainerImage(ProjectResource project, KubernetesWorkload workload, string appHostDirectory)
{
    private const string DotnetVersion = "10.0";

    /// <summary>Writes it as <c>images/NAME.Dockerfile</c>.</summary>
    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        var images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        await File.WriteAllTextAsync(Path.Combine(images, $"{KubernetesNames.Of(project)}.Dockerfile"), Text(), cancellationToken);
    }

    private string Text()
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Last();
        var repository = Path.GetFullPath(Path.Combine(appHostDirectory, ".."));
        var file = Path.GetRelativePath(repository, metadata.ProjectPath).Replace('\\', '/');
        var assembly = metadata is IBuiltProject built ? Path.GetFileName(built.TargetPath) : $"{Path.GetFileNameWithoutExtension(file)}.dll";
        var text = new StringBuilder();
        text.Append("# docker build -f THIS -t ").Append(workload.Image ?? $"o1coder/{KubernetesNames.Of(project)}:latest").Append(" REPOSITORY\n");
        text.Append("FROM mcr.microsoft.com/dotnet/sdk:").Append(DotnetVersion).Append(" AS build\n");
        text.Append("WORKDIR /src\nCOPY . .\n");
        text.Append("RUN dotnet publish ").Append(file).Append(" --configuration Release --output /app\n\n");
        text.Append("FROM mcr.microsoft.com/dotnet/aspnet:").Append(DotnetVersion).Append('\n');
        if (workload.ImagePackages.Count > 0)
        {
            text.Append("RUN apt-get update && apt-get install -y --no-install-recommends ").AppendJoin(' ', workload.ImagePackages)
                .Append(" && rm -rf /var/lib/apt/lists/*\n");
        }

        text.Append("WORKDIR /app\nCOPY --from=build /app .\n");
        foreach (var (from, to) in workload.ImageFolders)
        {
            text.Append("COPY --from=build ").Append(from.StartsWith('/') ? from : $"/src/{from}").Append(' ').Append(to).Append('\n');
        }

        text.Append("USER $APP_UID\nENTRYPOINT [\"dotnet\", \"").Append(assembly).Append("\"]\n");
        return text.ToString();
    }
}
