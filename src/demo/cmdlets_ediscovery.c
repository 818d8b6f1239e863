/* Cmdlets of the demo tenant: facts of the real service's cmdlets. demo/cmdlets.h explains the notation. */
#include "demo/cmdlets.h"

const char *const cmdlets_ediscovery[] = {
    "Get-CaseHoldPolicy Identity -"
    " Case:s DistributionDetail:w Identity:o@Identity/0vp IncludeBindings:w IncludeBindingsOnly:w",
    "New-CaseHoldPolicy - M"
    " Case:s@*/! Comment:s Enabled:b ExchangeLocation:o@Default Force:w Name:s@*/!0"
    " PublicFolderLocation:o@Default SharePointLocation:o@Default",
    "Remove-CaseHoldPolicy - H"
    " ForceDeletion:w Identity:o@Identity/!0vp",
    "Set-CaseHoldPolicy Identity M"
    " AddExchangeLocation:o@Identity AddPublicFolderLocation:o@Identity AddSharePointLocation:o@Identity"
    " Comment:s@Identity,TeamLocation,AdaptiveScopeLocation"
    " Enabled:b@Identity,TeamLocation,AdaptiveScopeLocation Force:w@Identity,TeamLocation,"
    "AdaptiveScopeLocation,InformationBarrierDefault,OrganizationSegmentsAllowed,OrganizationSegmentsBlocked,"
    "OrganizationSegmentAllowedFilter,RetryDistributionParameterSet Identity:o@Identity/!0vp,"
    "RetryDistributionParameterSet/!0vp,DisableRestrictiveRetentionParameterSet/!0vp,TeamLocation/!0vp,"
    "InformationBarrierDefault/!0vp,OrganizationSegmentsDefault/!0vp,AdaptiveScopeLocation/!0vp"
    " RemoveExchangeLocation:o@Identity RemovePublicFolderLocation:o@Identity"
    " RemoveSharePointLocation:o@Identity RetryDistribution:w@RetryDistributionParameterSet/!"
    " UpdateStatistics:w",
    "Get-CaseHoldRule Identity -"
    " Identity:o@Identity/0vp Policy:o",
    "New-CaseHoldRule - M"
    " Comment:s@Default ContentDateFrom:o@Default ContentDateTo:o@Default ContentMatchQuery:s@Default"
    " Disabled:b@Default Name:s@Default/!0 Policy:o@Default/!,SetRawXml/!,ComplianceTag/!,"
    "PublishComplianceTag/!",
    "Remove-CaseHoldRule - H"
    " ForceDeletion:w Identity:o@Identity/!0vp",
    "Set-CaseHoldRule Identity M"
    " Comment:s ContentDateFrom:o ContentDateTo:o ContentMatchQuery:s Disabled:b Identity:o@Identity/!0vp",
    "Get-ComplianceCase Identity -"
    " CaseType:o=AdvancedEdiscovery|ComplianceClassifier|ComplianceWorkspace|DataInvestigation|DSR|"
    "eDiscovery|InsiderRisk|InternalInvestigation|SupervisionPolicy DomainController:o"
    " Identity:o@Identity/0vp RecentOnly:w RoleGroup:s",
    "New-ComplianceCase Identity M"
    " CaseType:o=AdvancedEdiscovery|ComplianceClassifier|ComplianceWorkspace|DataInvestigation|DSR|"
    "eDiscovery|InsiderRisk|InternalInvestigation|SupervisionPolicy Description:s DomainController:o"
    " ExternalId:s Name:s@*/!0 SecondaryCaseType:s SourceCaseType:s Sources:O",
    "Remove-ComplianceCase Identity H"
    " DomainController:o Identity:o@Identity/!0vp",
    "Set-ComplianceCase Identity M"
    " AddOrUpdateSources:w CaseType:o Close:w Description:s DomainController:o ExternalId:s"
    " Identity:o@Identity/!0vp Name:s RemoveSources:w Reopen:w Sources:O",
    "Add-ComplianceCaseMember Identity M"
    " Case:s@*/!0 Member:s@*/!",
    "Get-ComplianceCaseMember Identity -"
    " Case:s@Identity/! DomainController:o ResultSize:R RoleGroupOnly:w==True@AllCases/!"
    " ShowCaseAdmin:w@Identity",
    "Remove-ComplianceCaseMember Identity H"
    " Case:s@*/!0 Member:s@*/!",
    "Get-ComplianceSearch Identity -"
    " Case:s Identity:o@Identity/0vp ResultSize:R",
    "New-ComplianceSearch Identity M"
    " AllowNotFoundExchangeLocationsEnabled:b Case:s ContentMatchQuery:s Description:s"
    " ExchangeLocation:S@*/vp ExchangeLocationExclusion:S Force:w HoldNames:S IncludeOrgContent:b"
    " IncludeUserAppContent:b Language:u LogLevel:o Name:s@*/!0 OneDriveLocation:S"
    " OneDriveLocationExclusion:S PublicFolderLocation:S PublicFolderLocationExclusion:S RefinerNames:S"
    " SearchNames:S SharePointLocation:S SharePointLocationExclusion:S StatusMailRecipients:S",
    "Remove-ComplianceSearch - H"
    " Identity:o@Identity/!0vp",
    "Set-ComplianceSearch Identity M"
    " AddExchangeLocation:S AddExchangeLocationExclusion:S AddOneDriveLocation:S"
    " AddOneDriveLocationExclusion:S AddPublicFolderLocation:S AddPublicFolderLocationExclusion:S"
    " AddSharePointLocation:S AddSharePointLocationExclusion:S AllowNotFoundExchangeLocationsEnabled:b"
    " ContentMatchQuery:s Description:s ExchangeLocation:S ExchangeLocationExclusion:S Force:w HoldNames:S"
    " Identity:o@Identity/!0vp IncludeOrgContent:b IncludeUserAppContent:b Language:u Name:s"
    " OneDriveLocation:S OneDriveLocationExclusion:S PublicFolderLocation:S PublicFolderLocationExclusion:S"
    " RefinerNames:S RemoveExchangeLocation:S RemoveExchangeLocationExclusion:S RemoveOneDriveLocation:S"
    " RemoveOneDriveLocationExclusion:S RemovePublicFolderLocation:S RemovePublicFolderLocationExclusion:S"
    " RemoveSharePointLocation:S RemoveSharePointLocationExclusion:S SearchNames:S SharePointLocation:S"
    " SharePointLocationExclusion:S",
    "Start-ComplianceSearch Identity M"
    " Force:w Identity:o@Identity/!0vp RetryOnError:w UseBigFunnel:w",
    "Stop-ComplianceSearch Identity M"
    " Identity:o@Identity/!0vp",
    "Get-ComplianceSearchAction Identity -"
    " Case:s Details:w Export:w@Export Identity:o@Identity/0vp IncludeCredential:w Preview:w@Preview"
    " ResultSize:R",
    "New-ComplianceSearchAction Identity H"
    " ActionName:s EnableDedupe:b@Export FileTypeExclusionsForUnindexedItems:S@Export Force:w"
    " IncludeCredential:w IncludeSharePointDocumentVersions:b@Export JobOptions:i MaxUnindexedSize:i@Export"
    " ReferenceActionName:s Region:s Report:w@Export RetentionReport:w@Export RetryOnError:w"
    " Scope:o==IndexedItemsOnly|UnindexedItemsOnly|BothIndexedAndUnindexedItems@Export ScopeDetails:O@Export"
    " SearchName:S@*/0 SearchNames:S Version:s",
    NULL,
};
