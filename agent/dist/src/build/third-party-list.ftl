<#list dependencyMap as entry>
<#assign project = entry.getKey()/>
<#assign licenses = entry.getValue()/>
${project.groupId}:${project.artifactId}:${project.version} | <#list licenses as license>${license}<#sep>, </#list> | ${project.url!"-"}
</#list>
