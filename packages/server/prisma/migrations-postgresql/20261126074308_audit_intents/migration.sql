-- CreateTable
CREATE TABLE "AuditIntent" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "actor" TEXT COLLATE "C" NOT NULL,
    "actorId" TEXT COLLATE "C",
    "action" TEXT COLLATE "C" NOT NULL,
    "address" TEXT COLLATE "C",

    CONSTRAINT "AuditIntent_pkey" PRIMARY KEY ("id")
);
