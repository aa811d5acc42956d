/** Every field that our types name exists on the wire: a renamed one fails the type check. */

import type { components } from "./schema";
import type * as ours from "./types";

type Wire = components["schemas"];
type Missing<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>;
type None<Names extends never> = Names;

export type Contract = [
  None<Missing<ours.Activity, Wire["Activity"]>>,
  None<Missing<ours.ChildRun, Wire["ChildRun"]>>,
  None<Missing<ours.Component, Wire["Component"]>>,
  None<Missing<ours.ComparedCell, Wire["ComparedCell"]>>,
  None<Missing<ours.ComparedOutput, Wire["ComparedOutput"]>>,
  None<Missing<ours.ComparedParameter, Wire["ComparedParameter"]>>,
  None<Missing<ours.Comparison, Wire["Comparison"]>>,
  None<Missing<ours.Dataset, Wire["Dataset"]>>,
  None<Missing<ours.DatasetSummary, Wire["DatasetSummary"]>>,
  None<Missing<ours.DatasetVersion, Wire["DatasetVersionDetail"]>>,
  None<Missing<ours.Draft, Wire["Draft"]>>,
  None<Missing<ours.DraftSummary, Wire["DraftSummary"]>>,
  None<Missing<ours.DraftVersion, Wire["DraftVersionSummary"]>>,
  None<Missing<ours.FileList, Wire["FileList"]>>,
  None<Missing<ours.GraphDifference, Wire["GraphDifference"]>>,
  None<Missing<ours.Home, Wire["Home"]>>,
  None<Missing<ours.Invitation, Wire["InvitationCreated"]>>,
  None<Missing<ours.Issue, Wire["Issue"]>>,
  None<Missing<ours.LogPage, Wire["LogPage"]>>,
  None<Missing<ours.Member, Wire["Member"]>>,
  None<Missing<ours.OpenInvitation, Wire["OpenInvitation"]>>,
  None<Missing<ours.NodeDifference, Wire["NodeDifference"]>>,
  None<Missing<ours.Output, Wire["Output"]>>,
  None<Missing<ours.Plan, Wire["Plan"]>>,
  None<Missing<ours.Profile, Wire["Profile"]>>,
  None<Missing<ours.Run, Wire["Run"]>>,
  None<Missing<ours.Sample, Wire["Sample"]>>,
  None<Missing<ours.Step, Wire["Step"]>>,
  None<Missing<ours.TablePage, Wire["TablePage"]>>,
  None<Missing<ours.Upload, Wire["Upload"]>>,
  None<Missing<ours.User, Wire["User"]>>,
  None<Missing<ours.Workspace, Wire["Workspace"]>>,
];
